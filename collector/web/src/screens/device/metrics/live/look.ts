//! A look at live metrics: how it stands, and what was shown of late. Pure.

import type { Heard, LiveSample } from "../../../../api/watch";

/** "idle": nobody looks. "silent": nothing has come for some seconds. "ended": it is over by itself. */
export type LookState = "idle" | "asking" | "waiting" | "live" | "silent" | "away" | "lost" | "ended";

export interface Look {
  state: LookState;
  /** Of the present look; none: there is none. */
  job: string | undefined;
  /** Ascending in time. */
  samples: readonly LiveSample[];
  /** Samples that did not get here, on whichever way. */
  missed: number;
  /** The job that has ended by itself; what it says of that stands with it. */
  over: string | undefined;
}

export type Step = Heard | { kind: "asked" } | { kind: "ordered"; job: string } | { kind: "refused" } | { kind: "silent" } | { kind: "stopped" };

/** What is shown of the past: 5 minutes. */
export const SHOWN_MS = 300_000;
/** More samples than that many seconds have are not kept. */
const MOST_SAMPLES = 600;
/** A sample is due each second; later than this, something is amiss. */
export const SILENT_MS = 5_000;

export const IDLE: Look = { state: "idle", job: undefined, samples: [], missed: 0, over: undefined };

export function step(look: Look, heard: Step): Look {
  switch (heard.kind) {
    case "asked":
      return { ...IDLE, state: "asking" };
    case "ordered":
      return { ...look, state: "waiting", job: heard.job };
    case "refused":
      return { ...look, state: "idle", job: undefined };
    case "sample":
      return { ...look, state: "live", samples: kept(look.samples, heard.sample), missed: look.missed + heard.sample.missed };
    case "missed":
      return { ...look, missed: look.missed + heard.samples };
    case "silent":
      return look.state === "live" ? { ...look, state: "silent" } : look;
    case "away":
      return { ...look, state: "away" };
    case "lost":
      return { ...look, state: "lost" };
    case "found":
      return look.state === "lost" ? { ...look, state: "waiting" } : look;
    case "ended":
      return { ...look, state: "ended", job: undefined, over: look.job };
    case "stopped":
      return { ...look, state: "idle", job: undefined };
  }
}

/** With one more, without those that are too old. One that is not newer than the last adds nothing. */
function kept(samples: readonly LiveSample[], sample: LiveSample): readonly LiveSample[] {
  const last = samples.at(-1);
  if (last && sample.at <= last.at) return samples;
  return [...samples.filter(({ at }) => at > sample.at - SHOWN_MS), sample].slice(-MOST_SAMPLES);
}

/** Somebody looks, or wants to. */
export function isOpen({ state }: Look): boolean {
  return state !== "idle" && state !== "ended";
}
