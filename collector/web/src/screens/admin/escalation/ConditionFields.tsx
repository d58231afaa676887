import { NativeSelect, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../../api/client";
import { duration } from "../../../locales/format";
import { NumberField } from "../../../parts/NumberField";
import { MEASURES } from "../sla/agreement";
import { begun, CONDITIONS, kindOf, type Condition, type ConditionKind } from "./condition";

interface Props {
  when: Condition;
  set: (when: Condition) => void;
}

/** What has to be so: which sort of thing, and its numbers. */
export function ConditionFields({ when, set }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <NativeSelect
        label={t("escalation.condition")}
        value={kindOf(when)}
        onChange={(event) => set(begun(event.currentTarget.value as ConditionKind))}
        data={CONDITIONS.map((value) => ({ value, label: t(`escalation.kinds.${value}`) }))}
      />
      <Numbers when={when} set={set} />
    </>
  );
}

function Numbers({ when, set }: Props) {
  const { t } = useTranslation();
  const minutes = (value: number, keep: (minutes: number) => Condition) => (
    <NumberField isRequired label={t("escalation.minutes")} description={t("escalation.minutesHelp", { time: duration(value * 60) })} value={value} set={(next) => set(keep(next ?? 0))} />
  );
  const times = (value: number, keep: (times: number) => Condition) => (
    <NumberField isRequired label={t("escalation.times")} value={value} set={(next) => set(keep(next ?? 0))} />
  );
  if ("in_tier" in when) return minutes(when.in_tier.minutes, (value) => ({ in_tier: { minutes: value } }));
  if ("unassigned" in when) return minutes(when.unassigned.minutes, (value) => ({ unassigned: { minutes: value } }));
  if ("failed_actions" in when) return times(when.failed_actions.times, (value) => ({ failed_actions: { times: value } }));
  if ("reopened" in when) return times(when.reopened.times, (value) => ({ reopened: { times: value } }));
  if ("promise" in when) {
    const { promise } = when;
    return (
      <>
        <NativeSelect
          label={t("sla.measure")}
          value={promise.measure}
          onChange={(event) => set({ promise: { ...promise, measure: event.currentTarget.value as Schemas["Measure"] } })}
          data={MEASURES.map((value) => ({ value, label: t(`measure.${value}`) }))}
        />
        <NumberField isRequired label={t("escalation.percent")} value={promise.percent} set={(percent) => set({ promise: { ...promise, percent: percent ?? 0 } })} />
      </>
    );
  }
  return <Found finding={when.finding} set={(finding) => set({ finding })} />;
}

function Found({ finding, set }: { finding: Schemas["Class"]; set: (finding: Schemas["Class"]) => void }) {
  const { t } = useTranslation();
  const isArea = !finding.check;
  return (
    <>
      <TextInput
        required
        label={t("escalation.finding")}
        description={t("escalation.findingHelp")}
        value={isArea ? (finding.area ?? "") : (finding.check ?? "")}
        onChange={(event) => {
          const text = event.currentTarget.value;
          const { status } = finding;
          set((text.includes(".") ? { check: text, status } : { area: text, status }) as Schemas["Class"]);
        }}
      />
      <NativeSelect
        label={t("escalation.status")}
        value={finding.status ?? "warning"}
        onChange={(event) => set({ ...finding, status: event.currentTarget.value as Schemas["Bad"] })}
        data={(["warning", "critical"] as const).map((value) => ({ value, label: t(`status.${value}`) }))}
      />
    </>
  );
}
