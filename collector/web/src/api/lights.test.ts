import { afterEach, beforeEach, expect, test, vi } from "vitest";

const calls = vi.hoisted(() => ({ paths: [] as string[] }));

vi.mock("./client", () => ({
  api: { GET: (path: string) => (calls.paths.push(path), { items: [], total: 0, facts: [], next: null }) },
  ask: async (call: unknown) => call,
}));

const { hearOfLights, lit } = await import("./lights");
const { deviceListQuery } = await import("./devices");
const { queries } = await import("./queries");

const key = deviceListQuery({}).queryKey;
const device = (id: string, status: string | null) => ({ id, status, connected: true, last_seen: "then" });
const page = (...items: unknown[]) => ({ items, total: items.length, facts: [], next: null });
const list = (...pages: unknown[]) => ({ pages, pageParams: pages.map(() => undefined) }) as never;
const light = (of: string, status: string | null, connected = true) => ({ device: of, status, connected, last_seen: "now" });
const shown = () => queries.getQueryData(key)?.pages.flatMap(({ items }) => items.map(({ id, status, connected }) => `${id} ${status} ${connected}`));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
  queries.clear();
  calls.paths = [];
});

test("a row that is shown turns at once", () => {
  queries.setQueryData(key, list(page(device("a", "ok"), device("b", "ok")), page(device("c", null))));
  hearOfLights({ items: [light("b", "critical"), light("c", "ok", false)], removed: [] });
  expect(shown()).toEqual(["a ok true", "b critical true", "c ok false"]);
});

test("what is the same stays the same", () => {
  const same = list(page(device("a", "ok")));
  expect(lit(same, new Map([["a", light("a", "ok")]]))).toBe(same);
  const pages = lit(list(page(device("a", "ok")), page(device("b", "ok"))), new Map([["b", light("b", "warning")]])).pages;
  expect(pages[0]?.items[0]?.last_seen).toBe("then");
  expect(pages[1]?.items[0]?.last_seen).toBe("now");
});

test("news make lists stale a little later, and what is none does not", async () => {
  queries.setQueryData(key, list(page(device("a", "ok"))));
  const isStale = () => queries.getQueryState(key)?.isInvalidated;
  hearOfLights({ items: [light("a", "ok")], removed: [] });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(isStale()).toBe(false);
  hearOfLights({ items: [light("new", "ok")], removed: [] });
  expect(isStale()).toBe(false);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(isStale()).toBe(true);
});
