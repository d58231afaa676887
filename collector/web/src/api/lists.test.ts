import { afterEach, beforeEach, expect, test, vi } from "vitest";

const calls = vi.hoisted(() => ({ paths: [] as string[] }));

vi.mock("./client", () => ({
  api: {
    GET: (path: string) => {
      calls.paths.push(path);
      return path.endsWith("{ticket}") ? { number: 1, version: 2, title: "new" } : { items: [{ number: 1, version: 2, title: "new" }] };
    },
  },
  ask: async (call: unknown) => call,
  ifMatch: () => ({}),
}));

const { hearOfTicket } = await import("./lists");
const { queries } = await import("./queries");
const { ticketsQuery } = await import("./tickets");

const key = ticketsQuery({ state: "unresolved" }).queryKey;
const page = () => ({ items: [{ number: 1, version: 1, title: "old" }] });
const titles = () => queries.getQueryData(key)?.pages.flatMap(({ items }) => items.map(({ title }) => title));

function show(nPages: number): void {
  queries.setQueryData(key, { pages: Array.from({ length: nPages }, page), pageParams: Array.from({ length: nPages }) } as never);
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
  queries.clear();
  calls.paths = [];
});

test("a row that is shown is read at once, without its list", async () => {
  show(1);
  hearOfTicket(1, 2);
  await vi.advanceTimersByTimeAsync(0);
  expect(titles()).toEqual(["new"]);
  expect(calls.paths).toEqual(["/api/v1/tickets/{ticket}"]);
});

test("what is known already changes nothing", async () => {
  show(1);
  hearOfTicket(1, 1);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(calls.paths).toEqual([]);
});

test("a list is stale once a ticket comes that it does not have, however many come", async () => {
  show(1);
  hearOfTicket(7, 1);
  hearOfTicket(8, 1);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(queries.getQueryState(key)?.isInvalidated).toBe(true);
});
