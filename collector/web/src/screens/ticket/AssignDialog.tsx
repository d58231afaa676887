import { Autocomplete, Button, Modal } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { change, keepTicket, techniciansQuery, type Ticket } from "../../api/tickets";
import { ProblemLine } from "../../parts/ProblemLine";
import style from "./Ticket.module.css";

export function AssignDialog({ ticket, close }: { ticket: Ticket; close: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const technicians = useQuery(techniciansQuery(ticket.number));
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
        <Autocomplete size="sm" data-autofocus required label={t("ticket.toWhom")} data={technicians.data?.items.map((one) => one.name) ?? []} value={name} onChange={setName} />
        {assign.isError && <ProblemLine failure={assign.error} />}
        <Button type="submit" loading={assign.isPending}>
          {t("ticket.assign")}
        </Button>
      </form>
    </Modal>
  );
}
