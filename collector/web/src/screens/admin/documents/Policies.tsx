import { useTranslation } from "react-i18next";
import page from "../../../parts/page/Page.module.css";
import { Documents } from "./Documents";
import { templates } from "./templates";

/** Which checks run where, how often, with which limits, and what their findings open. */
export function Policies() {
  const { t } = useTranslation();
  return (
    <div className={page["body"]} data-scrolls role="region" aria-label={t("admin.title")} tabIndex={0}>
      <Documents noun="policies" icon="policy" template={templates.policies} />
    </div>
  );
}
