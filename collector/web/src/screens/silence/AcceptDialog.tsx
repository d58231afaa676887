import { Button, Modal, NativeSelect, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Finding } from "../../api/devices";
import { acceptances } from "../../api/maintenance";
import page from "../../parts/page/Page.module.css";
import { ProblemLine } from "../../parts/ProblemLine";
import { endOfDay, fieldOf, momentOf } from "./times";

const DAYS = ["1", "7", "30", "90"] as const;

interface Props {
  device: string;
  finding: Finding;
  close: () => void;
}

/** Accepts a finding as known, as bad as it is now, until a time. */
export function AcceptDialog({ device, finding, close }: Props) {
  const { t } = useTranslation();
  const [now] = useState(() => Date.now());
  const [days, setDays] = useState("7");
  const [other, setOther] = useState(() => fieldOf(Date.parse(endOfDay(now, 14))));
  const [reason, setReason] = useState("");
  const { check, subject } = finding;
  const go = useMutation({
    mutationFn: () => {
      const until = days === "" ? (momentOf(other) ?? "") : endOfDay(now, Number(days));
      return acceptances.accept({ device, finding: subject ? `${check}/${subject}` : check, reason: reason.trim(), until });
    },
    onSuccess: close,
  });
  return (
    <Modal opened onClose={close} title={t("accept.title")} closeButtonProps={{ "aria-label": t("common.close") }}>
      <form
        className={page["stack"]}
        onSubmit={(event) => {
          event.preventDefault();
          go.mutate();
        }}
      >
        <p className={page["plain"]}>{finding.summary}</p>
        <p className={page["plain"]}>{t("accept.help")}</p>
        <NativeSelect
          label={t("accept.until")}
          value={days}
          onChange={(event) => setDays(event.currentTarget.value)}
          data={[...DAYS.map((value) => ({ value: value as string, label: t("accept.days", { count: Number(value) }) })), { value: "", label: t("accept.other") }]}
        />
        {days === "" && <TextInput required type="datetime-local" label={t("accept.other")} value={other} onChange={(event) => setOther(event.currentTarget.value)} />}
        <TextInput data-autofocus required maxLength={200} label={t("mutes.reason")} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
        {go.isError && <ProblemLine failure={go.error} />}
        <Button type="submit" loading={go.isPending}>
          {t("accept.do")}
        </Button>
      </form>
    </Modal>
  );
}
