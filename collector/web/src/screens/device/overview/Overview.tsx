import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { findingsQuery } from "../../../api/devices";
import { Failure } from "../../../parts/Failure";
import { Loading } from "../../../parts/Loading";
import { Notice } from "../../../parts/Notice";
import page from "../../../parts/page/Page.module.css";
import { Changes } from "../../ticket/aside/Changes";
import { Cohort } from "../../ticket/aside/Cohort";
import { Findings } from "../../ticket/aside/Findings";
import { isWrong, nameOf, nested } from "../../ticket/aside/nested";
import type { TabProps } from "../tab";
import { Machine } from "./Machine";
import { Mutes } from "./Mutes";
import style from "./Overview.module.css";
import { OpenTickets } from "./OpenTickets";

/** What is wrong, the worst first, and what goes with it. */
export function Overview({ device, want }: TabProps) {
  const { t } = useTranslation();
  const findings = useQuery(findingsQuery(device.id));
  const all = findings.data?.items ?? [];
  const wrong = nested(all.filter(isWrong));
  const worst = wrong[0] && nameOf(wrong[0].finding);
  return (
    <div className={page["body"]} data-scrolls role="region" aria-label={t("device.tab.overview")} tabIndex={0}>
      <div className={style["columns"]}>
        <div className={style["column"]}>
          <section className={page["card"]}>
            <h2>{t("device.findings")}</h2>
            {findings.isError && !findings.data && <Failure failure={findings.error} again={() => void findings.refetch()} isSmall />}
            {findings.isPending && <Loading lines={5} />}
            {findings.data && all.length === 0 && (
              <Notice icon="check" title={t("device.noFindings")} isSmall>
                <p>{t("device.noFindingsText")}</p>
              </Notice>
            )}
            {all.length > 0 && <Findings all={all} wrong={wrong} device={device.id} isClosed={false} want={want} />}
          </section>
          <section className={`${page["card"]} ${style["told"]}`} aria-label={t("changes.title")}>
            <Changes device={device.id} finding={worst} />
            {worst && <Cohort device={device.id} finding={worst} />}
          </section>
        </div>
        <div className={style["column"]}>
          <OpenTickets device={device.id} />
          <Machine device={device.id} />
          <Mutes device={device} findings={all.filter(isWrong)} />
        </div>
      </div>
    </div>
  );
}
