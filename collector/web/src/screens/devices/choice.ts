//! Which columns are shown: what a technician has chosen stays chosen in this browser.

import { useState } from "react";

const KEPT_AS = "sonde.devices.columns";
/** The collector gives no more of facts at once. */
export const MOST_FACTS = 8;

/** What every device has; the name is always shown. */
export const PLAIN = ["status", "site", "os", "seen", "serial", "agent", "enrolled"] as const;

/** What devices say of themselves, and which of several values is shown. */
export const FACTS = {
  distribution: { of: "os.name", shows: "least" },
  version: { of: "os.version", shows: "least" },
  kernel: { of: "os.kernel", shows: "least" },
  restart: { of: "os.restart_wanted", shows: "most" },
  product: { of: "system.product", shows: "least" },
  processor: { of: "cpus.model", shows: "least" },
  memory: { of: "memory.total_bytes", shows: "least" },
  fullest: { of: "filesystems.used_percent", shows: "most" },
  free: { of: "filesystems.available_bytes", shows: "least" },
  user: { of: "sessions.user", shows: "all" },
} as const;

export type FactName = keyof typeof FACTS;
export type ColumnName = (typeof PLAIN)[number] | FactName;

export const COLUMNS: readonly ColumnName[] = [...PLAIN, ...(Object.keys(FACTS) as FactName[])];
const BEGINNING: readonly ColumnName[] = ["status", "site", "version", "seen", "user", "fullest", "agent"];

export const isFact = (name: ColumnName): name is FactName => name in FACTS;

/** What was kept, as far as it is known; at first what most want to see. */
export function readChoice(kept: string | null): ColumnName[] {
  if (kept === null) return [...BEGINNING];
  const names = kept.split(",");
  return few(COLUMNS.filter((name) => names.includes(name)));
}

/** The same without facts beyond those that are given at once. */
function few(names: readonly ColumnName[]): ColumnName[] {
  const facts = names.filter(isFact).slice(MOST_FACTS);
  return names.filter((name) => !facts.some((one) => one === name));
}

/** With the column, or without it if it was there; in the order in which they are offered. */
export function toggled(chosen: readonly ColumnName[], name: ColumnName): ColumnName[] {
  const isThere = chosen.includes(name);
  return COLUMNS.filter((one) => (one === name ? !isThere : chosen.includes(one)));
}

export function useChoice(): [readonly ColumnName[], (name: ColumnName) => void] {
  const [chosen, setChosen] = useState(() => readChoice(localStorage.getItem(KEPT_AS)));
  const toggle = (name: ColumnName) => {
    const next = toggled(chosen, name);
    localStorage.setItem(KEPT_AS, next.join(","));
    setChosen(next);
  };
  return [chosen, toggle];
}
