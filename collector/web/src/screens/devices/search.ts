//! Which devices are listed and how, as the address says it. Pure.

import type { ListedDevices, WhichDevices } from "../../api/devices";
import type { Order } from "../../parts/table/Headings";

export const STATUSES = ["critical", "warning", "unknown", "ok", "none"] as const;
export type Status = (typeof STATUSES)[number];
/** By what devices are counted, and their numbers shown. */
export const GROUPINGS = ["site", "os", "status"] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface DevicesSearch {
  text?: string;
  /** Only those that are connected, or only those that are not. */
  connected?: boolean;
  /** Removed ones as well. */
  removed?: boolean;
  site?: string;
  os?: string;
  status?: Status;
  /** A question about facts: devices with a row for which it holds. */
  q?: string;
  /** These rows instead of their devices. */
  rows?: boolean;
  /** As the collector names orders. */
  sort?: string;
  group?: Grouping;
}

/** What the collector calls the order by a column. */
export const SORTS: Record<string, string> = {
  hostname: "name", status: "status", site: "site", os: "os", seen: "seen", agent: "agent_version", enrolled: "enrolled",
};

/** What narrows the list. */
export function narrowed({ text, connected, removed, site, os, status, q }: DevicesSearch): WhichDevices {
  const which = { text, connected, removed, site, os, status, q };
  return Object.fromEntries(Object.entries(which).filter(([, value]) => value !== undefined)) as WhichDevices;
}

/** The same but for one thing: what else there is of it. */
export function without(which: WhichDevices, name: Grouping): WhichDevices {
  const { [name]: _, ...rest } = which;
  return rest;
}

export function listed(search: DevicesSearch, facts: readonly string[]): ListedDevices {
  return { ...narrowed(search), sort: search.sort ?? "name", ...(facts.length > 0 && { facts: facts.join(",") }) };
}

/** By which column it is ordered. */
export function orderOf(sort = "name"): Order | undefined {
  const isDown = sort.startsWith("-");
  const name = isDown ? sort.slice(1) : sort;
  const column = Object.keys(SORTS).find((one) => SORTS[one] === name);
  return column === undefined ? undefined : { column, isDown };
}

export function sortOf({ column, isDown }: Order): string {
  const name = SORTS[column] ?? "name";
  return isDown ? `-${name}` : name;
}

export function readDevicesSearch(raw: Record<string, unknown>): DevicesSearch {
  const read: DevicesSearch = {};
  for (const name of ["text", "site", "os", "q"] as const) {
    const value = raw[name];
    if ((typeof value === "string" && value.trim() !== "") || typeof value === "number") read[name] = String(value);
  }
  if (typeof raw["connected"] === "boolean") read.connected = raw["connected"];
  if (raw["removed"] === true) read.removed = true;
  const status = STATUSES.find((one) => one === raw["status"]);
  if (status) read.status = status;
  const group = GROUPINGS.find((one) => one === raw["group"]);
  if (group) read.group = group;
  const { sort } = raw;
  if (typeof sort === "string" && orderOf(sort)) read.sort = sort;
  if (raw["rows"] === true && read.q !== undefined) read.rows = true;
  return read;
}
