import { Menu, UnstyledButton } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { change, keepTicket, type Ticket } from "../../api/tickets";
import { Initials } from "../../parts/Initials";
import { problemLine } from "../../parts/problemText";
import { say } from "../../parts/toasts";
import { AssignDialog } from "./AssignDialog";
import style from "./Ticket.module.css";

/** Whose a ticket is, and giving it to somebody else. */
export function AssigneeMenu({ ticket, me }: { ticket: Ticket; me: string }) {
  const { t } = useTranslation();
  const [isAsked, setAsked] = useState(false);
  const set = useMutation({
    mutationFn: (run: () => Promise<Ticket>) => run(),
    onSuccess: keepTicket,
    onError: (failure) => say(problemLine(t, failure), true),
  });
  return (
    <>
      <Menu position="bottom-start">
        <Menu.Target>
          <UnstyledButton fz="sm" className={style["fact"]}>
            {ticket.assignee && <Initials name={ticket.assignee} />}
            {ticket.assignee ?? t("ticket.unassigned")}
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          {ticket.assignee !== me && (
            <Menu.Item onClick={() => set.mutate(() => change.claim(ticket.number, true))}>{t("ticket.takeOver")}</Menu.Item>
          )}
          <Menu.Item onClick={() => setAsked(true)}>{t("ticket.toSomebody")}</Menu.Item>
          {ticket.assignee && <Menu.Item onClick={() => set.mutate(() => change.assign(ticket, null))}>{t("ticket.toNobody")}</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      {isAsked && <AssignDialog ticket={ticket} close={() => setAsked(false)} />}
    </>
  );
}
