import { useTranslation } from "react-i18next";
import type { Action } from "../../../api/devices";
import style from "./Action.module.css";

const CLASSES = ["read", "private", "repair", "disrupt", "control"] as const;
export type Class = (typeof CLASSES)[number];

export function classOf(action: Pick<Action, "class">): Class {
  return CLASSES.find((one) => one === action.class) ?? "control";
}

/** How an action touches the user, what proves it, and whether it can be taken back. */
export function ClassMark({ action }: { action: Action }) {
  const { t } = useTranslation();
  return (
    <ul className={style["class"]}>
      <li>{t(`class.${classOf(action)}`)}</li>
      <li>{action.verified_by ? t("action.verifiedBy", { check: action.verified_by }) : t("action.notVerified")}</li>
      <li>{t(action.can_undo ? "action.undoable" : "action.notUndoable")}</li>
    </ul>
  );
}
