//! Which promise of a ticket is due next, and how near that is. Pure.

import type { Clock } from "../api/tickets";
import type { Tone } from "../theme";

/** Below this share of the promised time it is near. */
const NEAR = 0.25;

export interface Due {
  clock: Clock;
  /** Until it runs out; negative: since it ran out. */
  seconds: number;
}

/** The running clock that runs out first. */
export function next(clocks: readonly Clock[], now: number): Due | undefined {
  const running = clocks.filter((clock) => clock.standing === "running" && clock.due_at);
  const due = running.map((clock) => ({ clock, seconds: (Date.parse(clock.due_at ?? "") - now) / 1_000 }));
  return due.reduce<Due | undefined>((first, one) => (!first || one.seconds < first.seconds ? one : first), undefined);
}

export function tone(due: Due): Tone {
  if (due.seconds < 0) return "critical";
  return due.seconds < due.clock.target_seconds * NEAR ? "warning" : "unknown";
}

/** Whether a clock stands still and will go on. */
export function isPaused(clocks: readonly Clock[]): boolean {
  return clocks.some((clock) => clock.standing === "paused");
}
