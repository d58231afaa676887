//! Facts of a device: its tables, their rows, and what they were before.

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, ask, type Schemas } from "./client";

export type Change = Schemas["ChangeView"];
export type Table = Schemas["TableView"];

/** Rows of one answer, and answers that are read of one table. */
const PAGE = 1_000;
const MOST_PAGES = 20;
/** Pages of changes in which a row is looked for. */
const MOST_CHANGE_PAGES = 5;

const of = (device: string) => ({ path: { device } });

export const tablesQuery = (device: string) =>
  queryOptions({
    queryKey: ["device", device, "facts"],
    queryFn: ({ signal }) => ask(api.GET("/api/v1/devices/{device}/facts", { params: of(device), signal })),
  });

/** The whole table, as far as the most that is read goes. */
export const tableQuery = (device: string, table: string) =>
  queryOptions({
    queryKey: ["device", device, "facts", table],
    queryFn: async ({ signal }): Promise<Table> => {
      const read = (after: string | undefined) => {
        const query = { limit: PAGE, ...(after !== undefined && { after }) };
        return ask(api.GET("/api/v1/devices/{device}/facts/{table}", { params: { path: { device, table }, query }, signal }));
      };
      const whole = await read(undefined);
      for (let n = 1; whole.next && n < MOST_PAGES; n++) {
        const part = await read(whole.next);
        whole.rows.push(...part.rows);
        whole.next = part.next ?? null;
      }
      return whole;
    },
  });

export interface Span {
  /** RFC 3339. */
  from: string;
  to: string;
}

/** What changed between two times, the newest first. */
export const changesBetweenQuery = (device: string, { from, to }: Span) =>
  infiniteQueryOptions({
    queryKey: ["changes", device, from, to],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const query = { from, to, ...(pageParam !== undefined && { before: pageParam }) };
      return ask(api.GET("/api/v1/devices/{device}/changes", { params: { ...of(device), query }, signal }));
    },
    getNextPageParam: (last) => last.next ?? undefined,
  });

export interface RowHistory {
  changes: Change[];
  /** Not all that changed was looked through. */
  isPart: boolean;
}

/** What one row of a table was before: it is known by its keys. */
export const rowHistoryQuery = (device: string, table: string, keys: Record<string, unknown>, { from, to }: Span) =>
  queryOptions({
    queryKey: ["changes", device, table, keys, from, to],
    queryFn: async ({ signal }): Promise<RowHistory> => {
      const changes: Change[] = [];
      let before: string | undefined;
      for (let n = 0; n < MOST_CHANGE_PAGES; n++) {
        const query = { from, to, ...(before !== undefined && { before }) };
        const page = await ask(api.GET("/api/v1/devices/{device}/changes", { params: { ...of(device), query }, signal }));
        changes.push(...page.items.filter((change) => change.table === table && isOf(change, keys)));
        before = page.next ?? undefined;
        if (before === undefined) return { changes, isPart: false };
      }
      return { changes, isPart: true };
    },
  });

function isOf(change: Change, keys: Record<string, unknown>): boolean {
  const sides = [change.before, change.after] as Record<string, unknown>[];
  return sides.some((side) => Object.entries(keys).every(([name, value]) => (side[name] ?? null) === (value ?? null)));
}
