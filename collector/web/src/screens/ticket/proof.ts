//! What failed on a ticket, as its timeline says it. Pure.

import type { TimelineEvent } from "../../api/timeline";

export interface Failed {
  key: string;
  hostname: string;
  /** As it was last found on this ticket. */
  status: string;
  summary: string;
}

/** Each check that was found warning or critical, as it was found last; one that is well since is gone. */
export function failed(events: readonly TimelineEvent[]): Failed[] {
  const found = new Map<string, Failed>();
  for (const event of events) {
    if (event.kind !== "work_ended" || !event.result) continue;
    const hostname = event.hostname ?? event.device;
    const bad = [...event.result.findings, ...event.result.verified].filter(({ status }) => status === "warning" || status === "critical");
    const isAll = event.title === "all checks";
    if (isAll) for (const key of found.keys()) if (key.startsWith(`${event.device} `)) found.delete(key);
    for (const one of bad) {
      const key = `${event.device} ${one.check} ${one.subject}`;
      found.set(key, { key, hostname, status: one.status, summary: one.summary });
    }
  }
  return [...found.values()];
}
