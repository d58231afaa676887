import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { rejectedQuery, reportsQuery } from "../../../api/devices";
import { moment, number } from "../../../locales/format";
import page from "../../../parts/page/Page.module.css";

const FATES = ["committed", "thinned", "rejected"] as const;

/** What became of the agent's reports: each is accounted for once. */
export function Reports({ device }: { device: string }) {
  const { t } = useTranslation();
  const account = useQuery(reportsQuery(device));
  const rejected = useQuery(rejectedQuery(device));
  const ranges = account.data?.spools.flatMap((spool) => spool.ranges) ?? [];
  const count = (fate: string) => ranges.filter((one) => one.fate === fate).reduce((n, { first, last }) => n + last - first + 1, 0);
  return (
    <section className={page["card"]}>
      <h2>{t("ofAgent.reports")}</h2>
      <dl className={page["pairs"]}>
        {FATES.map((fate) => (
          <div key={fate} className={page["pair"]}>
            <dt>{t(`ofAgent.fate.${fate}`)}</dt>
            <dd className="num">
              {number(count(fate))}
              {account.data?.next && "+"}
            </dd>
          </div>
        ))}
      </dl>
      <ul className={page["list"]}>
        {rejected.data?.items.map((one) => (
          <li key={one.seq}>
            {one.seq} · {moment(one.at)} · <span lang="en">{one.reason}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
