import { Button, Checkbox, NativeSelect, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { maintenance, type Plan } from "../../api/maintenance";
import { sitesQuery } from "../../api/sites";
import page from "../../parts/page/Page.module.css";
import { Panel } from "../../parts/Panel";
import { ProblemLine } from "../../parts/ProblemLine";
import { DevicePicker, type Picked } from "./DevicePicker";
import { fieldOf, momentOf, timeZone } from "./times";

const HOUR_MS = 3_600_000;

interface Props {
  /** Those that it begins with; none: a whole site. */
  devices?: Picked[];
  close: () => void;
}

/** Plans a time in which what is found opens no ticket before its end. */
export function PlanPanel({ devices: begun = [], close }: Props) {
  const { t } = useTranslation();
  const sites = useQuery(sitesQuery);
  const [now] = useState(() => Date.now());
  const [devices, setDevices] = useState(begun);
  const [value, setValue] = useState({
    scope: begun.length > 0 ? "devices" : "site",
    site: "",
    from: fieldOf(now),
    until: fieldOf(now + HOUR_MS),
    isWeekly: false,
    zone: timeZone(),
    last: "",
    reason: "",
  });
  const set = (part: Partial<typeof value>) => setValue({ ...value, ...part });
  const site = value.site || sites.data?.items[0]?.name;
  const plan = useMutation({
    mutationFn: () => {
      const { scope, from, until, isWeekly, zone, last, reason } = value;
      const body: Plan = { from: momentOf(from) ?? "", until: momentOf(until) ?? "", reason: reason.trim() };
      if (scope === "devices") body.devices = devices.map(({ id }) => id);
      else body.site = site ?? "";
      if (isWeekly) Object.assign(body, { weekly: true, time_zone: zone.trim(), last: momentOf(last) ?? null });
      return maintenance.plan(body);
    },
    onSuccess: close,
  });
  const moment = (field: "from" | "until" | "last", isRequired: boolean) => (
    <TextInput
      type="datetime-local"
      required={isRequired}
      label={t(`maintenance.${field}`)}
      value={value[field]}
      onChange={(event) => set({ [field]: event.currentTarget.value })}
    />
  );
  return (
    <Panel title={t("maintenance.plan")} close={close}>
      <form
        className={page["stack"]}
        onSubmit={(event) => {
          event.preventDefault();
          plan.mutate();
        }}
      >
        <p className={page["plain"]}>{t("maintenance.help")}</p>
        <NativeSelect
          data-autofocus
          label={t("maintenance.scope")}
          value={value.scope}
          onChange={(event) => set({ scope: event.currentTarget.value })}
          data={(["devices", "site"] as const).map((scope) => ({ value: scope, label: t(`maintenance.scopes.${scope}`) }))}
        />
        {value.scope === "devices" && <DevicePicker value={devices} set={setDevices} />}
        {value.scope === "site" && (
          <NativeSelect
            label={t("tokens.site")}
            value={site ?? ""}
            onChange={(event) => set({ site: event.currentTarget.value })}
            data={sites.data?.items.map(({ name }) => name) ?? []}
          />
        )}
        {moment("from", true)}
        {moment("until", true)}
        <Checkbox size="sm" label={t("maintenance.weekly")} checked={value.isWeekly} onChange={(event) => set({ isWeekly: event.currentTarget.checked })} />
        {value.isWeekly && (
          <>
            <TextInput required label={t("maintenance.zone")} description={t("maintenance.zoneHelp")} value={value.zone} onChange={(event) => set({ zone: event.currentTarget.value })} />
            {moment("last", false)}
          </>
        )}
        <TextInput required maxLength={200} label={t("mutes.reason")} value={value.reason} onChange={(event) => set({ reason: event.currentTarget.value })} />
        {plan.isError && <ProblemLine failure={plan.error} />}
        <Button type="submit" loading={plan.isPending}>
          {t("maintenance.plan")}
        </Button>
      </form>
    </Panel>
  );
}
