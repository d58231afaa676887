import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { changesQuery } from "../../../api/devices";
import { moment, percent } from "../../../locales/format";
import { changeWords } from "../../../parts/changeWords";
import { TimeAgo } from "../../../parts/TimeAgo";
import style from "./Aside.module.css";

const MOST = 6;

/** What changed before it broke; where nothing is wrong, what changed within a day. */
export function Changes({ device, finding }: { device: string; finding: string | undefined }) {
  const { t } = useTranslation();
  const { data } = useQuery(changesQuery(device, finding));
  if (!data) return null;
  return (
    <>
      <h3 className={style["sub"]}>{t("changes.title")}</h3>
      {data.items.length === 0 && <p className={style["plain"]}>{t("changes.none", { from: moment(data.from) })}</p>}
      <ul className={style["list"]}>
        {data.items.slice(0, MOST).map((change, at) => (
          <li key={at} className={style["change"]}>
            {changeWords(t, change)} <TimeAgo at={change.at} />{" "}
            {typeof change.likelihood === "number" && <span className={style["share"]}>{t("changes.likely", { share: percent(change.likelihood) })}</span>}
          </li>
        ))}
      </ul>
      {data.items.length > MOST && <p className={style["share"]}>{t("changes.more", { count: data.items.length - MOST })}</p>}
    </>
  );
}
