//! What a device's own recorder may have of a time. Pure.

/** As far back as it goes, milliseconds. */
const RECORDED_MS = 86_400_000;
/** A window of the last day is so much older by the time that it is asked for, milliseconds. */
const SLACK_MS = 300_000;

interface Span {
  from: number;
  to: number;
}

export function isRecorded({ from }: Span, now: number): boolean {
  return from >= now - RECORDED_MS - SLACK_MS;
}

/** The part of the window that it may still hold when this arrives, as the collector takes it. */
export function recorded({ from, to }: Span, now: number): { from: string; to: string } {
  const oldest = now - RECORDED_MS + SLACK_MS;
  return { from: rfc(Math.max(from, Math.min(oldest, to - 1_000))), to: rfc(Math.min(to, now)) };
}

function rfc(at: number): string {
  return new Date(at).toISOString();
}
