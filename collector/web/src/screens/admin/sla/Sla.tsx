import { useTranslation } from "react-i18next";
import page from "../../../parts/page/Page.module.css";
import { Documents } from "../documents/Documents";
import { templates } from "../documents/templates";
import { PRIORITIES } from "../../queue/search";
import type { Agreement } from "./agreement";
import { AgreementForm } from "./AgreementForm";
import { CalendarForm } from "./CalendarForm";
import { WEEK, type Hours } from "./hours";
import { MatrixCard } from "./MatrixCard";
import { ReportCard } from "./ReportCard";

/** What is promised, when the clocks run, and how it was kept. */
export function Sla() {
  const { t } = useTranslation();
  return (
    <div className={page["body"]} data-scrolls role="region" aria-label={t("admin.sla")} tabIndex={0}>
      <ReportCard />
      <Documents<Agreement>
        noun="agreements"
        icon="clock"
        template={templates.agreements}
        Form={AgreementForm}
        columns={[
          { title: t("sla.calendar"), show: ({ calendar }) => calendar },
          { title: t("sla.promised"), show: ({ priorities }) => PRIORITIES.filter((one) => priorities[one]).map((one) => t(`priority.${one}`)).join(", ") },
          { title: t("sla.for"), show: ({ sites, groups }) => [...sites, ...groups].join(", ") || t("sla.forAll") },
          { title: t("documents.description"), show: ({ description }) => description },
        ]}
      />
      <Documents<Hours>
        noun="calendars"
        icon="clock"
        template={templates.calendars}
        Form={CalendarForm}
        columns={[
          { title: t("maintenance.zone"), show: ({ time_zone }) => time_zone },
          { title: t("sla.workDays"), show: (hours) => t("sla.daysOfWeek", { count: WEEK.filter((day) => (hours[day] ?? []).length > 0).length }) },
          { title: t("sla.holidayList"), show: ({ holidays }) => t("sla.nHolidays", { count: Object.keys(holidays ?? {}).length }) },
        ]}
      />
      <MatrixCard />
    </div>
  );
}
