//! What stands under a chart: times, or days where it is many of them.

import { dayShort, time } from "../../../locales/format";

const DAY_S = 86_400;

export function axisTime(seconds: readonly number[]): string[] {
  const step = (seconds[1] ?? 0) - (seconds[0] ?? 0);
  return seconds.map((second) => {
    const at = new Date(second * 1_000);
    const isMidnight = at.getHours() === 0 && at.getMinutes() === 0;
    return step >= DAY_S || isMidnight ? dayShort(at.toISOString()) : time(at.toISOString());
  });
}
