import { useTranslation } from "react-i18next";
import page from "../../../parts/page/Page.module.css";
import { Documents } from "../documents/Documents";
import { conditionWords, type Rule } from "./condition";
import { RuleForm } from "./RuleForm";

const NEW: Rule = { description: "", site: null, at: "first", to: "second", when: { in_tier: { minutes: 120 } } };

/** Which tickets are handed on to a higher tier by themselves, and when. */
export function Escalation() {
  const { t } = useTranslation();
  return (
    <div className={page["body"]} data-scrolls role="region" aria-label={t("admin.escalation")} tabIndex={0}>
      <Documents<Rule>
        noun="escalation"
        icon="escalate"
        template={NEW}
        Form={RuleForm}
        columns={[
          { title: t("escalation.tiers"), show: ({ at, to }) => t("escalation.fromTo", { from: t(`tier.${at ?? "first"}`), to: t(`tier.${to}`) }) },
          { title: t("escalation.condition"), show: ({ when }) => conditionWords(t, when) },
          { title: t("tokens.site"), show: ({ site }) => site ?? t("escalation.allSites") },
          { title: t("documents.description"), show: ({ description }) => description ?? "" },
        ]}
      />
    </div>
  );
}
