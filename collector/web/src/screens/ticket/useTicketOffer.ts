//! What can be put to the first device of a ticket from the palette.

import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { order } from "../../api/jobs";
import { extendTimeline, type Ticket } from "../../api/tickets";
import { useOffer } from "../../parts/offers";
import { problemLine } from "../../parts/problemText";
import { say } from "../../parts/toasts";
import type { Wanted } from "./action/wanted";

/** `device`: of those of the ticket, the one that is looked at; else the first. */
export function useTicketOffer(ticket: Ticket | undefined, device: string | undefined, want: (wanted: Wanted) => void): void {
  const { t } = useTranslation();
  const named = ticket?.devices.find(({ id }) => id === device) ?? ticket?.devices[0];
  const [id, hostname, number] = [named?.id, named?.hostname, ticket?.number];
  const isOpen = ticket !== undefined && ticket.state !== "closed";
  const offer = useMemo(() => {
    if (!id || number === undefined || !isOpen) return undefined;
    return {
      device: id,
      hostname: hostname ?? id.slice(0, 8),
      check: (check: string) =>
        void order
          .checks(number, id, [check])
          .then(() => extendTimeline(number))
          .then(() => say(t("palette.asked", { what: check, device: hostname ?? id.slice(0, 8) })))
          .catch((failure: unknown) => say(problemLine(t, failure), true)),
      act: (action: string) => want({ device: id, action }),
    };
  }, [id, hostname, number, isOpen, want, t]);
  useOffer(offer);
}
