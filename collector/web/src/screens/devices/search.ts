//! Which devices are listed, as the address says it. Pure.

import type { WhichDevices } from "../../api/devices";

export const STATUSES = ["critical", "warning", "ok", "unknown", "none"] as const;
export type Status = (typeof STATUSES)[number];

export interface DevicesSearch {
  text?: string;
  /** Only those that are connected, or only those that are not. */
  connected?: boolean;
  /** Removed ones as well. */
  removed?: boolean;
  site?: string;
  os?: string;
  status?: Status;
  /** A question about facts; its answers are listed instead. */
  q?: string;
}

/** What of it the collector itself looks for. */
export function asked({ text, connected, removed }: DevicesSearch): WhichDevices {
  return { ...(text !== undefined && { text }), ...(connected !== undefined && { connected }), ...(removed && { removed }) };
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
  return read;
}
