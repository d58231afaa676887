import type { IconName, Tone } from "../theme";
import { LIVE } from "./workTitle";

export const JOB_STATES = ["queued", "accepted", "running", "succeeded", "failed", "refused", "expired", "cancelled", "ended", "unknown"] as const;
export type JobState = (typeof JOB_STATES)[number];

const marks: Record<JobState, { icon: IconName; tone: Tone }> = {
  queued: { icon: "waiting", tone: "unknown" },
  accepted: { icon: "open", tone: "info" },
  running: { icon: "open", tone: "info" },
  succeeded: { icon: "ok", tone: "ok" },
  failed: { icon: "critical", tone: "critical" },
  // Nothing was done: there was nothing to do, or somebody said no.
  refused: { icon: "none", tone: "warning" },
  expired: { icon: "closed", tone: "warning" },
  cancelled: { icon: "closed", tone: "unknown" },
  ended: { icon: "ok", tone: "unknown" },
  unknown: { icon: "unknown", tone: "warning" },
};

/** A live look goes on until somebody ends it: that is its end, and no failure. */
export function isEndedLook(state: string, title: string): boolean {
  return title === LIVE && state === "cancelled";
}

export function jobState(state: string, title: string): JobState {
  if (isEndedLook(state, title)) return "ended";
  return JOB_STATES.find((one) => one === state) ?? "unknown";
}

const STEPS = ["planned", "done", "failed"] as const;
export type StepState = (typeof STEPS)[number];

const stepMarks: Record<StepState, { icon: IconName; tone: Tone }> = {
  planned: { icon: "none", tone: "unknown" },
  done: { icon: "ok", tone: "ok" },
  failed: { icon: "critical", tone: "critical" },
};

/** A step of an action; one whose state is not known here was not done. */
export function stepState(state: string): StepState {
  return STEPS.find((one) => one === state) ?? "planned";
}

export function stepMark(state: StepState): { icon: IconName; tone: Tone } {
  return stepMarks[state];
}

export function jobMark(state: JobState): { icon: IconName; tone: Tone } {
  return marks[state];
}
