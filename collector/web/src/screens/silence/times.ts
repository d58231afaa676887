//! Moments as a field of the browser holds them, on the reader's clock. Pure but for the zone.

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** "2026-11-28T22:30", on the reader's clock. */
export function fieldOf(at: number): string {
  const local = new Date(at - new Date(at).getTimezoneOffset() * MINUTE_MS);
  return local.toISOString().slice(0, "2026-11-28T22:30".length);
}

/** RFC 3339; none: the field holds no moment. */
export function momentOf(field: string): string | undefined {
  const at = new Date(field);
  return field === "" || Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

/** The end of the day that is so many days from now. */
export function endOfDay(now: number, days: number): string {
  const at = new Date(now + days * DAY_MS);
  at.setHours(23, 59, 0, 0);
  return at.toISOString();
}

export function timeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
