import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { cohortQuery } from "../../../api/devices";
import { number, percent } from "../../../locales/format";
import style from "./Aside.module.css";

/** Attributes that are shown. */
const MOST = 4;

/** Is it only this machine? With its numbers. */
export function Cohort({ device, finding }: { device: string; finding: string }) {
  const { t } = useTranslation();
  const { data } = useQuery(cohortQuery(device, finding));
  if (!data) return null;
  const others = data.affected.filter(({ id }) => id !== device);
  const telling = data.common.filter((one) => one.telling).slice(0, MOST);
  const all = data.n_affected + data.n_healthy;
  const isAlone = data.n_affected <= 1 && data.n_healthy === 0;
  return (
    <>
      <h3 className={style["sub"]}>{t("cohort.title")}</h3>
      <p className={style["plain"]}>
        {isAlone && t("cohort.alone")}
        {!isAlone && data.n_affected <= 1 && t("cohort.only", { count: data.n_healthy })}
        {data.n_affected > 1 &&
          t("cohort.several", { count: data.n_affected, all: number(all), share: percent(data.n_affected / Math.max(1, all)) })}
      </p>
      {others.length > 0 && <p className={style["plain"]}>{others.slice(0, MOST).map(({ hostname }) => hostname).join(", ")}{others.length > MOST && " …"}</p>}
      <ul className={style["list"]}>
        {telling.map((one) => (
          <li key={`${one.attribute} ${one.value}`} className={style["change"]}>
            {one.attribute} {one.value}{" "}
            <span className={style["share"]}>
              {t("cohort.shares", { n: one.affected.n, of: one.affected.of, healthyN: one.healthy.n, healthyOf: one.healthy.of })}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
