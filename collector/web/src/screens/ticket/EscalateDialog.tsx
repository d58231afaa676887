import { Button, Modal, NativeSelect, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { change, keepTicket, type Ticket, type Tier } from "../../api/tickets";
import { ProblemLine } from "../../parts/ProblemLine";
import style from "./Ticket.module.css";

const TIERS = ["first", "second", "third", "supplier"] as const satisfies Tier[];

/** Hands a ticket on to another tier, or sends it back. */
export function EscalateDialog({ ticket, close }: { ticket: Ticket; close: () => void }) {
  const { t } = useTranslation();
  const others = TIERS.filter((tier) => tier !== ticket.tier);
  const usual = TIERS[TIERS.indexOf(ticket.tier) + 1] ?? "first";
  const [tier, setTier] = useState<Tier>(usual);
  const [reason, setReason] = useState("");
  const go = useMutation({
    mutationFn: () => change.tier(ticket, tier, reason.trim()),
    onSuccess: (moved) => {
      keepTicket(moved);
      close();
    },
  });
  return (
    <Modal opened onClose={close} title={t("ticket.escalate")} closeButtonProps={{ "aria-label": t("common.close") }}>
      <form
        className={style["move"]}
        onSubmit={(event) => {
          event.preventDefault();
          go.mutate();
        }}
      >
        <NativeSelect
          label={t("escalate.to")}
          value={tier}
          onChange={(event) => setTier(event.currentTarget.value as Tier)}
          data={others.map((value) => ({ value, label: t(`tier.${value}`) }))}
        />
        <Textarea
          data-autofocus
          required
          autosize
          minRows={3}
          maxLength={2_000}
          label={t("escalate.reason")}
          description={t("escalate.help")}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {go.isError && <ProblemLine failure={go.error} />}
        <Button type="submit" loading={go.isPending}>
          {t("ticket.escalate")}
        </Button>
      </form>
    </Modal>
  );
}
