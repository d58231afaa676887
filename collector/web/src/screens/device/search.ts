//! What of a device is looked at, as its address says it. Pure.

export const TABS = ["overview", "facts", "metrics", "changes", "live", "work", "agent"] as const;
export type Tab = (typeof TABS)[number];

export const RANGES = ["1h", "24h", "14d", "400d"] as const;
export type Range = (typeof RANGES)[number];

export const LIVE_TABLES = ["processes", "services", "logs"] as const;
export type LiveTable = (typeof LIVE_TABLES)[number];

/** Without a tab: the overview. */
export interface DeviceSearch {
  tab?: Tab;
  /** Of facts, or of what is read live. */
  table?: string;
  /** What is asked of the device is asked for it. */
  ticket?: number;
  range?: Range;
  /** A window within the range, milliseconds since 1970. */
  from?: number;
  to?: number;
  /** The name of series that are shown beside the usual ones. */
  series?: string;
}

export function readDeviceSearch(raw: Record<string, unknown>): DeviceSearch {
  const read: DeviceSearch = {};
  const tab = TABS.find((one) => one === raw["tab"]);
  if (tab && tab !== "overview") read.tab = tab;
  const range = RANGES.find((one) => one === raw["range"]);
  if (range) read.range = range;
  if (typeof raw["table"] === "string" && raw["table"]) read.table = raw["table"];
  if (typeof raw["series"] === "string" && raw["series"]) read.series = raw["series"];
  if (isCount(raw["ticket"])) read.ticket = raw["ticket"];
  if (isCount(raw["from"]) && isCount(raw["to"]) && raw["from"] < raw["to"]) {
    read.from = raw["from"];
    read.to = raw["to"];
  }
  return read;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}
