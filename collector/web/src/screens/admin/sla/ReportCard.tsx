import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { reportQuery } from "../../../api/sla";
import { number, percent } from "../../../locales/format";
import style from "../Admin.module.css";
import { List } from "../List";
import { Section } from "../Section";

const DAY_MS = 86_400_000;
const DAYS = ["7", "30", "90", "365"] as const;
/** Below these shares it is no longer well. */
const WELL = 0.95;
const PASSABLE = 0.85;

/** How what was promised was kept. */
export function ReportCard() {
  const { t } = useTranslation();
  const [days, setDays] = useState<(typeof DAYS)[number]>("30");
  const [now] = useState(() => Date.now());
  const report = useQuery(reportQuery(new Date(now - Number(days) * DAY_MS).toISOString(), new Date(now).toISOString()));
  return (
    <Section
      title={t("sla.report")}
      text={t("sla.reportText")}
      actions={
        <NativeSelect
          size="xs"
          aria-label={t("sla.period")}
          value={days}
          onChange={(event) => setDays(event.currentTarget.value as typeof days)}
          data={DAYS.map((value) => ({ value, label: t("sla.days", { count: Number(value) }) }))}
        />
      }
    >
      <List
        label={t("sla.report")}
        query={report}
        rows={report.data?.promises ?? []}
        keyOf={({ agreement, measure }) => `${agreement} ${measure}`}
        icon="clock"
        none={t("sla.noReport")}
        columns={[
          { title: t("sla.agreement"), show: ({ agreement }) => agreement },
          { title: t("sla.measure"), show: ({ measure }) => t(`measure.${measure}`) },
          { title: t("sla.ended"), show: ({ ended }) => number(ended) },
          { title: t("sla.met"), show: ({ met }) => number(met) },
          { title: t("sla.share"), show: ({ ended, met }) => <Share share={met / Math.max(1, ended)} /> },
        ]}
      />
    </Section>
  );
}

function Share({ share }: { share: number }) {
  const tone = share >= WELL ? "ok" : share >= PASSABLE ? "warning" : "critical";
  return (
    <>
      <span className={style["share"]} data-tone={tone} aria-hidden>
        <span style={{ width: `${share * 100}%` }} />
      </span>
      {percent(share)}
    </>
  );
}
