//! Which actions fit a row: those that take what names it. Pure.

import type { Action } from "../../api/devices";
import type { FactColumn, FactRow } from "../../parts/table/values";

export interface Fitting {
  action: Action;
  /** What of its parameters the row gives, as they are typed in. */
  values: Record<string, string>;
}

export function fitting(actions: readonly Action[], columns: readonly FactColumn[], row: FactRow): Fitting[] {
  const keys = columns.filter(({ role }) => role === "key").map(({ name }) => name);
  if (keys.length === 0) return [];
  const fits = (action: Action) => keys.every((key) => action.parameters.some(({ name }) => name === key));
  return actions.filter(fits).map((action) => ({ action, values: given(keys, row) }));
}

function given(keys: readonly string[], row: FactRow): Record<string, string> {
  return Object.fromEntries(keys.map((key) => [key, String((row[key] as string | number | undefined) ?? "")]));
}
