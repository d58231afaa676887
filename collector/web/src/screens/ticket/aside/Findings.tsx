import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { actionsQuery, type Finding } from "../../../api/devices";
import type { Wanted } from "../action/wanted";
import style from "./Aside.module.css";
import { FindingItem } from "./FindingItem";
import type { Nested } from "./nested";

interface Props {
  all: readonly Finding[];
  wrong: readonly Nested[];
  device: string;
  isClosed: boolean;
  want: (wanted: Wanted) => void;
}

/** What is wrong, the worst first; then, folded, what cannot be told and what is well. */
export function Findings({ all, wrong, device, isClosed, want }: Props) {
  const { t } = useTranslation();
  const actions = useQuery(actionsQuery(device));
  const titles = new Map(actions.data?.items.map(({ id, title }) => [id, title]));
  const act = isClosed ? undefined : (action: string, subject: string) => want({ device, action, subject });
  const unknown = all.filter(({ status }) => status === "unknown");
  const well = all.filter(({ status }) => status === "ok");
  const rest = [
    { title: t("findings.unknown", { count: unknown.length }), findings: unknown },
    { title: t("findings.well", { count: well.length }), findings: well },
  ];
  return (
    <div className={style["more"]}>
      {wrong.map(({ finding, consequences }) => (
        <FindingItem key={`${finding.check} ${finding.subject}`} finding={finding} consequences={consequences} device={device} act={act} titles={titles} />
      ))}
      {rest.map(
        ({ title, findings }) =>
          findings.length > 0 && (
            <details key={title} className={style["finding"]}>
              <summary>
                <span className={style["share"]}>{title}</span>
              </summary>
              {findings.map((finding) => (
                <FindingItem key={`${finding.check} ${finding.subject}`} finding={finding} consequences={[]} device={device} act={undefined} titles={titles} />
              ))}
            </details>
          ),
      )}
    </div>
  );
}
