import { useTranslation } from "react-i18next";
import { useConnection } from "../../api/connected";
import { duration } from "../../locales/format";
import { Icon } from "../Icon";
import { useNow } from "../now";
import style from "./ConnectionBar.module.css";

/** Says that what is shown may be old, for as long as the collector cannot be heard. */
export function ConnectionBar() {
  const { lostSince } = useConnection();
  return <div role="status">{lostSince !== undefined && <Lost since={lostSince} />}</div>;
}

function Lost({ since }: { since: number }) {
  const { t } = useTranslation();
  const now = useNow();
  return (
    <div className={style["bar"]}>
      <Icon name="lost" />
      {t("shell.lost", { time: duration(Math.max(0, now - since) / 1_000) })}
    </div>
  );
}
