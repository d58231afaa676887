//! Beginning to work on a ticket: it is open, and whoever begins has it if nobody had.

import { useTranslation } from "react-i18next";
import { change, keepTicket, type Ticket } from "../../api/tickets";
import { problemLine } from "../../parts/problemText";
import { say } from "../../parts/toasts";

async function start(ticket: Ticket): Promise<void> {
  const taken = ticket.assignee ? ticket : await change.claim(ticket.number, false);
  // What was done of it shows, whatever becomes of the rest.
  if (taken !== ticket) keepTicket(taken);
  if (taken.state !== "open") keepTicket(await change.state(taken, { state: "open" }));
}

export function useStart(): (ticket: Ticket) => void {
  const { t } = useTranslation();
  return (ticket) => {
    start(ticket).catch((failure: unknown) => say(problemLine(t, failure), true));
  };
}
