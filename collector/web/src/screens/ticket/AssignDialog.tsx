import { Button, Modal, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { change, keepTicket, type Ticket } from "../../api/tickets";
import { ProblemLine } from "../../parts/ProblemLine";
import style from "./Ticket.module.css";

export function AssignDialog({ ticket, close }: { ticket: Ticket; close: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const assign = useMutation({
    mutationFn: () => change.assign(ticket, name.trim()),
    onSuccess: (changed) => {
      keepTicket(changed);
      close();
    },
  });
  return (
    <Modal opened onClose={close} title={t("ticket.toSomebody")} size="sm" closeButtonProps={{ "aria-label": t("common.close") }}>
      <form
        className={style["move"]}
        onSubmit={(event) => {
          event.preventDefault();
          assign.mutate();
        }}
      >
        <TextInput data-autofocus required label={t("ticket.toWhom")} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        {assign.isError && <ProblemLine failure={assign.error} />}
        <Button type="submit" loading={assign.isPending}>
          {t("ticket.assign")}
        </Button>
      </form>
    </Modal>
  );
}
