//! Canned replies with what they leave open filled in, to be looked at before they are sent. Pure but for the drafts.

import type { Schemas } from "../../api/client";
import type { Ticket } from "../../api/tickets";
import type { Language } from "../../locales/i18n";

type Reply = Schemas["TextView_Reply"];

/** What was begun to be written, by the ticket's number, for as long as the page is open. */
export const drafts = new Map<number, string>();

export function fill(reply: Partial<Pick<Reply, "en" | "fr">>, lang: Language, ticket: Ticket, technician: string): string {
  const { en = "", fr = "" } = reply;
  const text = lang === "fr" ? fr.trim() || en : en.trim() || fr;
  const known: Record<string, string> = {
    requester: ticket.requester ?? "",
    ticket: String(ticket.number),
    title: ticket.title,
    technician,
  };
  return text.replace(/\{([a-z]+)\}/g, (place, name: string) => known[name] ?? place);
}
