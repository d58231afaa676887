import { expect, test } from "vitest";
import type { Ticket } from "../../api/tickets";
import { since, wanting } from "./attention";

const NOW = Date.parse("2026-11-28T12:00:00Z");
const ticket = (number: number, state: string, assignee: string | null, minutes?: number) => {
  const due_at = minutes === undefined ? null : new Date(NOW + minutes * 60_000).toISOString();
  return { number, state, assignee, clocks: due_at ? [{ standing: "running", due_at, target_seconds: 3_600 }] : [] } as unknown as Ticket;
};
const reasons = (...tickets: Ticket[]) => wanting(tickets, "ada", NOW).map((one) => [one.ticket.number, one.reasons]);

test("new ones, one's own and those that are nearly due want to be looked at", () => {
  expect(reasons(ticket(1, "new", null), ticket(2, "open", "ada"), ticket(3, "open", "ada", 5), ticket(4, "open", null, -5), ticket(5, "open", null, 50))).toEqual([
    [1, ["new"]],
    [2, ["mine"]],
    [3, ["mine", "near"]],
    [4, ["near"]],
  ]);
});

test("what is another's, or waits, does not", () => {
  expect(reasons(ticket(1, "open", "bruno", 1), ticket(2, "waiting", "ada"), ticket(3, "new", "bruno"))).toEqual([]);
});

test("what was told is not told again", () => {
  const first = since(new Set(), wanting([ticket(1, "new", null)], "ada", NOW));
  expect(first.fresh.map(({ reason }) => reason)).toEqual(["new"]);
  const second = since(first.told, wanting([ticket(1, "new", null, 5)], "ada", NOW));
  expect(second.fresh.map(({ reason }) => reason)).toEqual(["near"]);
});
