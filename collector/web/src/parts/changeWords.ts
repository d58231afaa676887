//! A change of a device's facts in one line.

import type { TFunction } from "i18next";
import type { Schemas } from "../api/client";
import { tableTitle } from "./table/tableTitle";

type Change = Schemas["ChangeView"];
type Row = Record<string, unknown>;

const KINDS = ["added", "removed", "changed"] as const;
/** Columns that name a row, those first that say most. */
const NAMES = ["name", "mount", "unit", "package", "program", "interface", "destination", "address", "port", "path", "model", "subject", "user", "version"];
/** Columns that are shown of what moved, and names of a row. */
const MOST_MOVED = 3;
const MOST_NAMES = 2;

export function changeWords(t: TFunction, change: Change): string {
  const kind = KINDS.find((one) => one === change.kind) ?? "changed";
  const before = change.before as Row;
  const after = change.after as Row;
  const moved = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => plain(before[name]) !== plain(after[name]));
  const said = kind === "changed" ? moved : [];
  const row = kind === "removed" ? before : after;
  const what = [
    ...names(row, said),
    ...said.slice(0, MOST_MOVED).map((name) => `${name} ${plain(before[name]) || "—"} → ${plain(after[name]) || "—"}`),
  ];
  return t(`change.${kind}`, { table: tableTitle(t, change.table), what: what.join(" · ") });
}

/** What a row is known by, but for what is said of it anyway. */
function names(row: Row, said: readonly string[]): string[] {
  const known = NAMES.filter((name) => !said.includes(name) && plain(row[name]) !== "");
  const others = Object.keys(row).filter((name) => !said.includes(name) && typeof row[name] === "string");
  return (known.length > 0 ? known : others).slice(0, MOST_NAMES).map((name) => plain(row[name]));
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value as string | number | boolean);
}
