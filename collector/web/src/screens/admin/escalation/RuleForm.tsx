import { NativeSelect, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { sitesQuery } from "../../../api/sites";
import type { Tier } from "../../../api/tickets";
import { TIERS } from "../../queue/search";
import type { FormProps } from "../documents/DocumentPanel";
import type { Rule } from "./condition";
import { ConditionFields } from "./ConditionFields";
import { TryRule } from "./TryRule";

/** From which tier to which, when, and for whose tickets; and what it would do now. */
export function RuleForm({ body, set }: FormProps<Rule>) {
  const { t } = useTranslation();
  const sites = useQuery(sitesQuery);
  const tiers = TIERS.map((value) => ({ value, label: t(`tier.${value}`) }));
  return (
    <>
      <TextInput maxLength={200} label={t("documents.description")} value={body.description ?? ""} onChange={(event) => set({ description: event.currentTarget.value })} />
      <NativeSelect
        label={t("tokens.site")}
        value={body.site ?? ""}
        onChange={(event) => set({ site: event.currentTarget.value || null })}
        data={[{ value: "", label: t("escalation.allSites") }, ...(sites.data?.items.map(({ name }) => name) ?? [])]}
      />
      <NativeSelect label={t("escalation.at")} value={body.at ?? "first"} onChange={(event) => set({ at: event.currentTarget.value as Tier })} data={tiers} />
      <NativeSelect label={t("escalation.to")} value={body.to} onChange={(event) => set({ to: event.currentTarget.value as Tier })} data={tiers} />
      <ConditionFields when={body.when} set={(when) => set({ when })} />
      <TryRule rule={body} />
    </>
  );
}
