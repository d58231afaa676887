import { useTranslation } from "react-i18next";
import page from "../../../parts/page/Page.module.css";
import { Documents } from "../documents/Documents";
import { templates } from "../documents/templates";
import type { Policy } from "./policy";
import { PolicyForm } from "./PolicyForm";

const SHOWN = 3;

/** Which checks run where, how often, with which limits, and what their findings open. */
export function Policies() {
  const { t } = useTranslation();
  return (
    <div className={page["body"]} data-scrolls role="region" aria-label={t("admin.title")} tabIndex={0}>
      <Documents<Policy>
        noun="policies"
        icon="policy"
        template={templates.policies}
        Form={PolicyForm}
        columns={[
          {
            title: t("policies.reach"),
            show: ({ sites, devices }) => [...sites, devices.length > 0 ? t("policies.nDevices", { count: devices.length }) : ""].filter(Boolean).join(", ") || t("policies.fleet"),
          },
          {
            title: t("policies.checks"),
            show: ({ checks }) => {
              const ids = Object.keys(checks);
              return `${ids.slice(0, SHOWN).join(", ")}${ids.length > SHOWN ? ` ${t("changes.more", { count: ids.length - SHOWN })}` : ""}`;
            },
          },
          { title: t("documents.description"), show: ({ description }) => description },
        ]}
      />
    </div>
  );
}
