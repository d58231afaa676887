import { Button, Modal, NativeSelect, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { change, keepTicket, type Ticket, type WaitingFor } from "../../api/tickets";
import { ProblemLine } from "../../parts/ProblemLine";
import { TARGETS, type Move } from "./moves";
import { ProofList } from "./ProofList";
import style from "./Ticket.module.css";

const WAITS = ["user", "part", "supplier", "device", "appointment"] as const satisfies WaitingFor[];

interface Props {
  ticket: Ticket;
  move: Move;
  close: () => void;
}

/** Moves a ticket on, with what that needs to be said. */
export function MoveDialog({ ticket, move, close }: Props) {
  const { t } = useTranslation();
  const [waitingFor, setWaitingFor] = useState<WaitingFor>("user");
  const [reason, setReason] = useState("");
  const go = useMutation({
    mutationFn: () =>
      change.state(ticket, {
        state: TARGETS[move],
        ...(move === "wait" && { waiting_for: waitingFor }),
        ...(reason.trim() && { reason: reason.trim() }),
      }),
    onSuccess: (moved) => {
      keepTicket(moved);
      close();
    },
  });
  return (
    <Modal opened onClose={close} title={t(`move.${move}`)} closeButtonProps={{ "aria-label": t("common.close") }}>
      <form
        className={style["move"]}
        onSubmit={(event) => {
          event.preventDefault();
          go.mutate();
        }}
      >
        {move === "propose" && <ProofList ticket={ticket} />}
        {move === "wait" && (
          <NativeSelect
            label={t("move.waitFor")}
            value={waitingFor}
            onChange={(event) => setWaitingFor(event.currentTarget.value as WaitingFor)}
            data={WAITS.map((value) => ({ value, label: t(`waiting.${value}`) }))}
          />
        )}
        <Textarea
          data-autofocus
          autosize
          minRows={3}
          maxLength={2_000}
          label={t(move === "propose" ? "move.whyUnproved" : "move.reason")}
          description={move === "propose" && t(ticket.requester ? "move.requesterReads" : "move.techniciansRead")}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {go.isError && <ProblemLine failure={go.error} />}
        <Button type="submit" loading={go.isPending}>
          {t(`move.${move}`)}
        </Button>
      </form>
    </Modal>
  );
}
