//! A change of a device's facts in one line.

import type { TFunction } from "i18next";
import type { Schemas } from "../api/client";

type Change = Schemas["ChangeView"];

const KINDS = ["added", "removed", "changed"] as const;
/** Columns that are shown of a row. */
const MOST = 3;

export function changeWords(t: TFunction, change: Change): string {
  const kind = KINDS.find((one) => one === change.kind) ?? "changed";
  const before = change.before as Record<string, unknown>;
  const after = change.after as Record<string, unknown>;
  const row = kind === "removed" ? before : after;
  const changed = Object.keys(row).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  const same = Object.keys(row).filter((name) => !changed.includes(name));
  const key = same.slice(0, 1).map((name) => plain(row[name]));
  const moved = kind === "changed" ? changed.slice(0, MOST).map((name) => `${name} ${plain(before[name])} → ${plain(after[name])}`) : [];
  const whole = kind === "changed" ? [] : Object.keys(row).slice(0, MOST).map((name) => plain(row[name]));
  return t(`change.${kind}`, { table: change.table, what: [...key, ...moved, ...whole].filter(Boolean).join(" · ") });
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
