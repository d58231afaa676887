import { useTranslation } from "react-i18next";
import page from "../../../parts/page/Page.module.css";
import { Documents } from "../documents/Documents";
import { templates } from "../documents/templates";
import { Holidays } from "./Holidays";
import { MatrixCard } from "./MatrixCard";
import { ReportCard } from "./ReportCard";

/** What is promised, when the clocks run, and how it was kept. */
export function Sla() {
  const { t } = useTranslation();
  return (
    <div className={page["body"]} data-scrolls role="region" aria-label={t("admin.sla")} tabIndex={0}>
      <ReportCard />
      <Documents noun="agreements" icon="clock" template={templates.agreements} />
      <Documents noun="calendars" icon="clock" template={templates.calendars} />
      <Holidays />
      <MatrixCard />
    </div>
  );
}
