import { Checkbox, NativeSelect, TagsInput, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../../api/client";
import { allChecksQuery } from "../../../api/devices";
import { repliesQuery, type Priority, type State, type Tier, type WaitingFor } from "../../../api/tickets";
import { PRIORITIES, STATES, TIERS, WAITING } from "../../queue/search";
import type { FormProps } from "../documents/DocumentPanel";

export type Macro = Schemas["Macro"];

interface ChoiceProps {
  label: string;
  value: string | null;
  set: (value: string | null) => void;
  data: { value: string; label: string }[];
}

function Choice({ label, value, set, data }: ChoiceProps) {
  const { t } = useTranslation();
  return (
    <NativeSelect
      label={label}
      value={value ?? ""}
      onChange={(event) => set(event.currentTarget.value || null)}
      data={[{ value: "", label: t("macros.asItIs") }, ...data]}
    />
  );
}

/** What is done to a ticket at once; what is left out is not done. */
export function MacroForm({ body, set }: FormProps<Macro>) {
  const { t } = useTranslation();
  const replies = useQuery(repliesQuery);
  const declared = useQuery(allChecksQuery);
  const needsReason = body.tier !== null || body.state === "waiting";
  return (
    <>
      <TextInput maxLength={200} label={t("documents.description")} value={body.description} onChange={(event) => set({ description: event.currentTarget.value })} />
      <Checkbox size="sm" label={t("macros.claim")} checked={body.claim} onChange={(event) => set({ claim: event.currentTarget.checked })} />
      <Choice
        label={t("macros.reply")}
        value={body.reply}
        set={(reply) => set({ reply })}
        data={(replies.data?.items ?? []).map(({ name }) => ({ value: name, label: name }))}
      />
      <Textarea autosize minRows={2} maxLength={10_000} label={t("macros.note")} value={body.note ?? ""} onChange={(event) => set({ note: event.currentTarget.value || null })} />
      <TagsInput size="sm" label={t("macros.tags")} description={t("people.severalHelp")} value={body.tags} onChange={(tags) => set({ tags })} />
      <TagsInput size="sm" label={t("macros.checks")} description={t("macros.checksHelp")} data={declared.data?.items.map(({ id }) => id) ?? []} value={body.checks} onChange={(checks) => set({ checks })} />
      <Choice
        label={t("queue.column.priority")}
        value={body.priority}
        set={(priority) => set({ priority: priority as Priority | null })}
        data={PRIORITIES.map((value) => ({ value, label: t(`priority.${value}`) }))}
      />
      <Choice label={t("macros.tier")} value={body.tier} set={(tier) => set({ tier: tier as Tier | null })} data={TIERS.map((value) => ({ value, label: t(`tier.${value}`) }))} />
      <Choice
        label={t("queue.state")}
        value={body.state}
        set={(state) => set({ state: state as State | null, ...(state !== "waiting" && { waiting_for: null }) })}
        data={STATES.filter((state) => state !== "new").map((value) => ({ value, label: t(`state.${value}`) }))}
      />
      {body.state === "waiting" && (
        <Choice
          label={t("macros.waitsFor")}
          value={body.waiting_for}
          set={(waiting) => set({ waiting_for: waiting as WaitingFor | null })}
          data={WAITING.map((value) => ({ value, label: t(`queue.waitsFor.${value}`) }))}
        />
      )}
      {(needsReason || body.reason !== null) && (
        <TextInput maxLength={200} label={t("mutes.reason")} description={body.state === "proposed" && !body.tier && t("move.requesterReads")} value={body.reason ?? ""} onChange={(event) => set({ reason: event.currentTarget.value || null })} />
      )}
    </>
  );
}
