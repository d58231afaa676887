import { NativeSelect, TextInput } from "@mantine/core";
import { useQueries, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { allChecksQuery, deviceQuery } from "../../../api/devices";
import { duration } from "../../../locales/format";
import { NumberField } from "../../../parts/NumberField";
import { DevicePicker } from "../../silence/DevicePicker";
import { SiteField } from "../accounts/SiteField";
import type { FormProps } from "../documents/DocumentPanel";
import { CheckFields } from "./CheckFields";
import { withoutCheck, withRules, type Policy } from "./policy";

const HOUR_S = 3_600;

/** Whom it reaches, and what it says about each check. */
export function PolicyForm({ body, set }: FormProps<Policy>) {
  const { t } = useTranslation();
  const declared = useQuery(allChecksQuery);
  const named = useQueries({ queries: body.devices.map((id) => deviceQuery(id)) });
  const devices = body.devices.map((id, at) => ({ id, hostname: named[at]?.data?.hostname ?? id.slice(0, 8) }));
  const all = declared.data?.items ?? [];
  const ids = Object.keys(body.checks);
  const settling = body.settling_seconds;
  return (
    <>
      <TextInput maxLength={200} label={t("documents.description")} value={body.description} onChange={(event) => set({ description: event.currentTarget.value })} />
      <SiteField label={t("policies.sites")} help={t("policies.reachHelp")} value={body.sites} set={(sites) => set({ sites })} />
      <DevicePicker value={devices} set={(picked) => set({ devices: picked.map(({ id }) => id) })} />
      <NumberField
        label={t("policies.settling")}
        description={t("policies.settlingHelp", { time: duration(typeof settling === "number" ? settling : 24 * HOUR_S) })}
        value={settling}
        set={(seconds) => set({ settling_seconds: seconds ?? null })}
      />
      {ids.map((id) => (
        <CheckFields
          key={id}
          id={id}
          declared={all.find((one) => one.id === id)}
          rules={body.checks[id] ?? {}}
          set={(part) => set({ checks: withRules(body.checks, id, part) })}
          remove={() => set({ checks: withoutCheck(body.checks, id) })}
        />
      ))}
      <NativeSelect
        label={t("policies.addCheck")}
        value=""
        onChange={(event) => event.currentTarget.value && set({ checks: { ...body.checks, [event.currentTarget.value]: {} } })}
        data={[
          { value: "", label: t("policies.chooseCheck") },
          ...all.filter(({ id, takes_asset }) => !takes_asset && !ids.includes(id)).map(({ id, title }) => ({ value: id, label: `${id} · ${title}` })),
        ]}
      />
    </>
  );
}
