//! Which time is looked at, and how finely. Pure.

import type { Step, Window } from "../../../api/metrics";
import type { DeviceSearch, Range } from "../search";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const LENGTHS: Record<Range, number> = { "1h": HOUR_MS, "24h": DAY_MS, "14d": 14 * DAY_MS, "400d": 400 * DAY_MS };

/** Up to so long, single samples are read; then means of 5 minutes; then of an hour. */
const SAMPLES_MS = 3 * HOUR_MS;
const FIVE_MINUTES_MS = 2 * DAY_MS;

export function stepOf(length: number): Step {
  if (length <= SAMPLES_MS) return "samples";
  return length <= FIVE_MINUTES_MS ? "5m" : "1h";
}

/** The window that was chosen, else the range that ends now. */
export function windowOf(search: DeviceSearch, now: number): Window {
  const to = search.to ?? now;
  const from = search.from ?? now - LENGTHS[search.range ?? "1h"];
  return { from, to, step: stepOf(to - from) };
}
