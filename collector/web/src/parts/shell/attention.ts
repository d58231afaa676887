//! Which tickets want to be looked at: new ones, one's own, and those whose promise is about to be broken. Pure.

import type { Ticket } from "../../api/tickets";
import { next, tone } from "../clocks";

export const REASONS = ["new", "mine", "near"] as const;
export type Reason = (typeof REASONS)[number];

export interface Wanting {
  ticket: Ticket;
  reasons: Reason[];
}

export function wanting(tickets: readonly Ticket[], me: string, now: number): Wanting[] {
  return tickets
    .map((ticket) => ({ ticket, reasons: REASONS.filter((reason) => holds(reason, ticket, me, now)) }))
    .filter(({ reasons }) => reasons.length > 0);
}

function holds(reason: Reason, ticket: Ticket, me: string, now: number): boolean {
  if (reason === "new") return ticket.state === "new" && !ticket.assignee;
  if (reason === "mine") return ticket.assignee === me && (ticket.state === "new" || ticket.state === "open");
  const due = next(ticket.clocks, now);
  return due !== undefined && tone(due) !== "unknown" && (!ticket.assignee || ticket.assignee === me);
}

/** What is so now and was not before, by ticket and reason. */
export function since(before: ReadonlySet<string>, all: readonly Wanting[]): { told: Set<string>; fresh: { ticket: Ticket; reason: Reason }[] } {
  const each = all.flatMap(({ ticket, reasons }) => reasons.map((reason) => ({ ticket, reason })));
  const key = ({ ticket, reason }: (typeof each)[number]) => `${ticket.number} ${reason}`;
  return { told: new Set(each.map(key)), fresh: each.filter((one) => !before.has(key(one))) };
}
