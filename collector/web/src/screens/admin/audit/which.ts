//! What was typed as the collector is asked. Pure.

import type { WhichEntries } from "../../../api/audit";

export const BEGINNING = { actor: "", deed: "", subject: "", from: "", to: "" };

/** Days as a date field gives them; the last one counts whole, by the reader's clock. */
export function asked(typed: typeof BEGINNING): WhichEntries {
  const texts = (["actor", "deed", "subject"] as const).map((name) => [name, typed[name].trim()] as const);
  const which: WhichEntries = Object.fromEntries(texts.filter(([, text]) => text !== ""));
  const [from, to] = [midnight(typed.from, 0), midnight(typed.to, 1)];
  return { ...which, ...(from && { from }), ...(to && { to }) };
}

function midnight(day: string, later: number): string | undefined {
  const [year, month, date] = day.split("-").map(Number);
  if (year === undefined || month === undefined || date === undefined) return undefined;
  const at = new Date(year, month - 1, date + later);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
