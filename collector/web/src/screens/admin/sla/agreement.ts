//! An agreement in fields. Pure.

import type { Schemas } from "../../../api/client";
import type { Priority } from "../../../api/tickets";

export const MEASURES = ["first_response", "next_response", "resolution", "tier"] as const satisfies Schemas["Measure"][];
type Measure = (typeof MEASURES)[number];

/** Minutes of working time; what is left out is not promised. */
export type Targets = { [K in Measure]?: number };
export type Priorities = { [K in Priority]?: Targets };
/** The document leaves open what stands for each priority. */
export type Agreement = Omit<Schemas["Agreement"], "priorities"> & { priorities: Priorities };

/** A priority that is promised nothing more is left out. */
export function withTarget(priorities: Priorities, priority: Priority, measure: Measure, minutes: number | undefined): Priorities {
  const { [measure]: _before, ...others } = priorities[priority] ?? {};
  const targets: Targets = minutes === undefined ? others : { ...others, [measure]: minutes };
  const { [priority]: _targets, ...rest } = priorities;
  return Object.keys(targets).length === 0 ? rest : { ...rest, [priority]: targets };
}

/** Those that are whole numbers, each once, the least first. */
export function percents(texts: readonly string[]): number[] {
  const read = texts.map((text) => Number(text.replace(/[\s%]/g, ""))).filter((value) => Number.isInteger(value) && value > 0);
  return [...new Set(read)].toSorted((a, b) => a - b);
}
