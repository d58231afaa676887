import type { IconName, Tone } from "../theme";

export const JOB_STATES = ["queued", "accepted", "running", "succeeded", "failed", "refused", "expired", "cancelled", "unknown"] as const;
export type JobState = (typeof JOB_STATES)[number];

const marks: Record<JobState, { icon: IconName; tone: Tone }> = {
  queued: { icon: "waiting", tone: "unknown" },
  accepted: { icon: "open", tone: "info" },
  running: { icon: "open", tone: "info" },
  succeeded: { icon: "ok", tone: "ok" },
  failed: { icon: "critical", tone: "critical" },
  refused: { icon: "critical", tone: "critical" },
  expired: { icon: "closed", tone: "warning" },
  cancelled: { icon: "closed", tone: "unknown" },
  unknown: { icon: "unknown", tone: "warning" },
};

export function jobState(state: string): JobState {
  return JOB_STATES.find((one) => one === state) ?? "unknown";
}

export function jobMark(state: string): { icon: IconName; tone: Tone } {
  return marks[jobState(state)];
}
