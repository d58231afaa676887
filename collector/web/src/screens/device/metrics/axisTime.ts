//! What stands under a chart: times, to the second where they are near, or days where it is many of them.

import { dayShort, time, timeExact } from "../../../locales/format";

const DAY_S = 86_400;
const MINUTE_S = 60;

export function axisTime(seconds: readonly number[]): string[] {
  const step = (seconds[1] ?? 0) - (seconds[0] ?? 0);
  return seconds.map((second) => {
    const at = new Date(second * 1_000);
    if (step < MINUTE_S) return timeExact(at.toISOString());
    const isMidnight = at.getHours() === 0 && at.getMinutes() === 0;
    return step >= DAY_S || isMidnight ? dayShort(at.toISOString()) : time(at.toISOString());
  });
}
