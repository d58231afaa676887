import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { mute } from "../../../api/mutes";
import { sitesQuery } from "../../../api/sites";
import page from "../../../parts/page/Page.module.css";
import { Panel } from "../../../parts/Panel";
import { ProblemLine } from "../../../parts/ProblemLine";
import { DevicePicker, type Picked } from "../../silence/DevicePicker";
import { momentOf } from "../../silence/times";

/** Mutes a check or all of them on devices, on a site or everywhere. */
export function MuteForm({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const sites = useQuery(sitesQuery);
  const [scope, setScope] = useState<"devices" | "site" | "fleet">("site");
  const [devices, setDevices] = useState<Picked[]>([]);
  const [site, setSite] = useState("");
  const [check, setCheck] = useState("");
  const [until, setUntil] = useState("");
  const [reason, setReason] = useState("");
  const named = site || (sites.data?.items[0]?.name ?? "");
  const go = useMutation({
    mutationFn: async () => {
      const body = { reason: reason.trim(), until: momentOf(until) ?? null, ...(check.trim() && { check: check.trim() }) };
      if (scope !== "devices") return mute(scope === "site" ? { ...body, site: named } : body);
      for (const { id } of devices) await mute({ ...body, device: id });
    },
    onSuccess: close,
  });
  return (
    <Panel title={t("mutes.add")} close={close}>
      <form
        className={page["stack"]}
        onSubmit={(event) => {
          event.preventDefault();
          go.mutate();
        }}
      >
        <NativeSelect
          data-autofocus
          label={t("maintenance.scope")}
          value={scope}
          onChange={(event) => setScope(event.currentTarget.value as typeof scope)}
          data={(["devices", "site", "fleet"] as const).map((value) => ({ value, label: t(`maintenance.scopes.${value}`) }))}
        />
        {scope === "devices" && <DevicePicker value={devices} set={setDevices} />}
        {scope === "site" && (
          <NativeSelect label={t("tokens.site")} value={named} onChange={(event) => setSite(event.currentTarget.value)} data={sites.data?.items.map(({ name }) => name) ?? []} />
        )}
        <TextInput label={t("mutes.check")} description={t("mutes.checkHelp")} value={check} onChange={(event) => setCheck(event.currentTarget.value)} />
        <TextInput type="datetime-local" label={t("maintenance.until")} description={t("mutes.untilHelp")} value={until} onChange={(event) => setUntil(event.currentTarget.value)} />
        <TextInput required maxLength={200} label={t("mutes.reason")} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
        {go.isError && <ProblemLine failure={go.error} />}
        <Button type="submit" disabled={scope === "devices" && devices.length === 0} loading={go.isPending}>
          {t("mutes.add")}
        </Button>
      </form>
    </Panel>
  );
}
