//! Taking a ticket oneself.

import { useTranslation } from "react-i18next";
import { change, keepTicket, type Ticket } from "../../api/tickets";
import { problemLine } from "../../parts/problemText";
import { say } from "../../parts/toasts";

/** Takes a ticket that is nobody's; whose it is already is said, and it is left with them. */
export function useClaim(): (ticket: Ticket, me: string) => void {
  const { t } = useTranslation();
  return (ticket, me) => {
    if (ticket.assignee === me) return say(t("claim.yours", { number: ticket.number }));
    if (ticket.assignee) return say(t("claim.taken", { number: ticket.number, name: ticket.assignee }), true);
    change
      .claim(ticket.number, false)
      .then((claimed) => {
        keepTicket(claimed);
        say(t("claim.done", { number: ticket.number }));
      })
      .catch((failure: unknown) => say(problemLine(t, failure), true));
  };
}
