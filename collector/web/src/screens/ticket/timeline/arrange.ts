//! Events as they are read: by day, the end of a job with what was asked. Pure.

import type { EventOf, TimelineEvent } from "../../../api/timeline";

export interface Arranged {
  event: TimelineEvent;
  /** Of work that was asked, once it has ended. */
  end: EventOf<"work_ended"> | undefined;
}

export interface DayGroup {
  day: string;
  /** Of its first event. */
  at: string;
  entries: Arranged[];
}

export function arrange(events: readonly TimelineEvent[]): DayGroup[] {
  const ends = new Map<string, EventOf<"work_ended">>();
  const asked = new Set<string>();
  for (const event of events) {
    if (event.kind === "work_ended") ends.set(event.job, event);
    if (event.kind === "work_asked") asked.add(event.job);
  }
  const groups: DayGroup[] = [];
  for (const event of events) {
    if (event.kind === "work_ended" && asked.has(event.job)) continue;
    const day = new Date(event.at).toDateString();
    if (groups.at(-1)?.day !== day) groups.push({ day, at: event.at, entries: [] });
    groups.at(-1)?.entries.push({ event, end: event.kind === "work_asked" ? ends.get(event.job) : undefined });
  }
  return groups;
}
