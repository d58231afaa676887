//! A policy in fields. Pure.

import type { Schemas } from "../../../api/client";

export const OPENS = ["nothing", "alert", "ticket", "ticket_on_warning"] as const;

/** What is left out is said by a policy with a wider reach, or by the check itself. */
export interface CheckRules {
  /** 0: only when asked. */
  every_seconds?: number;
  limits?: Record<string, number>;
  targets?: string[];
  hold_seconds?: number;
  clear_seconds?: number;
  opens?: (typeof OPENS)[number];
}

/** The document leaves open what stands for each check. */
export type Policy = Omit<Schemas["Policy"], "checks"> & { checks: Record<string, CheckRules> };

/** What is empty is left out. */
export type Part = { [K in keyof CheckRules]: CheckRules[K] | undefined };

export function withRules(checks: Policy["checks"], id: string, part: Part): Policy["checks"] {
  const said = Object.entries({ ...checks[id], ...part }).filter(([, value]) => value !== undefined && !isEmpty(value));
  return { ...checks, [id]: Object.fromEntries(said) };
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

export function withLimit(limits: Record<string, number> | undefined, name: string, value: number | undefined): Record<string, number> {
  const others = Object.entries(limits ?? {}).filter(([one]) => one !== name);
  return Object.fromEntries(value === undefined ? others : [...others, [name, value]]);
}

export function withoutCheck(checks: Policy["checks"], id: string): Policy["checks"] {
  return Object.fromEntries(Object.entries(checks).filter(([one]) => one !== id));
}
