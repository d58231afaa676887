import { Button, Modal, NativeSelect, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Device, Finding } from "../../../api/devices";
import { mute } from "../../../api/mutes";
import page from "../../../parts/page/Page.module.css";
import { ProblemLine } from "../../../parts/ProblemLine";

const HOUR_MS = 3_600_000;
const TIMES = { "1h": HOUR_MS, "8h": 8 * HOUR_MS, "1d": 24 * HOUR_MS, "7d": 168 * HOUR_MS, ever: undefined } as const;
type Time = keyof typeof TIMES;
const NAMES = ["1h", "8h", "1d", "7d", "ever"] as const satisfies Time[];

interface Props {
  device: Device;
  findings: readonly Finding[];
  close: () => void;
}

/** Silences one check or all of a device, for a time: maintenance, or what is known and waits. */
export function MuteDialog({ device, findings, close }: Props) {
  const { t } = useTranslation();
  const [check, setCheck] = useState("");
  const [time, setTime] = useState<Time>("8h");
  const [reason, setReason] = useState("");
  const go = useMutation({
    mutationFn: () => {
      const length = TIMES[time];
      const until = length === undefined ? null : new Date(Date.now() + length).toISOString();
      return mute({ device: device.id, reason: reason.trim(), until, ...(check && { check }) });
    },
    onSuccess: close,
  });
  const checks = [...new Set(findings.map((finding) => finding.check))];
  return (
    <Modal opened onClose={close} title={t("mutes.titleOf", { device: device.hostname })} closeButtonProps={{ "aria-label": t("common.close") }}>
      <form
        className={page["stack"]}
        onSubmit={(event) => {
          event.preventDefault();
          go.mutate();
        }}
      >
        <NativeSelect
          label={t("mutes.what")}
          value={check}
          onChange={(event) => setCheck(event.currentTarget.value)}
          data={[{ value: "", label: t("mutes.allOf") }, ...checks]}
        />
        <NativeSelect
          label={t("mutes.howLong")}
          value={time}
          onChange={(event) => setTime(event.currentTarget.value as Time)}
          data={NAMES.map((value) => ({ value, label: t(`mutes.time.${value}`) }))}
        />
        <TextInput data-autofocus required maxLength={200} label={t("mutes.reason")} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
        {go.isError && <ProblemLine failure={go.error} />}
        <Button type="submit" loading={go.isPending}>
          {t("mutes.add")}
        </Button>
      </form>
    </Modal>
  );
}
