//! What is told on a stream goes into the cache.

import { useEffect } from "react";
import { hear, type Topic } from "./live";
import { jobQuery } from "./jobs";
import { queries } from "./queries";
import type { Told } from "./sse";
import { extendTimeline, ticketQuery } from "./tickets";

/** Keeps the cache as the collector tells it for as long as the component is shown. */
export function useFollow(topic: Topic | undefined): void {
  useEffect(() => (topic ? hear(topic, (told) => take(topic, told)) : undefined), [topic]);
}

function take(topic: Topic, told: Told): void {
  const data = JSON.parse(told.data) as Record<string, unknown>;
  if (told.event === "ticket") takeTicket(Number(data["number"]), Number(data["version"]));
  else if (told.event === "job") void takeJob(data as unknown as JobTold).catch(() => furthest.delete(String(data["job"])));
  else if (told.event === "device") void queries.invalidateQueries({ queryKey: ["device", data["device"]] });
  else if (told.event === "resync") resync(topic);
}

function takeTicket(number: number, version: number): void {
  const { queryKey } = ticketQuery(number);
  const known = queries.getQueryData(queryKey);
  if (known && known.version >= version) return;
  void queries.invalidateQueries({ queryKey });
  void extendTimeline(number);
}

interface JobTold {
  job: string;
  state: string;
  n_events: number;
  ended: boolean;
}

/** How far each job has come that is being read. */
const furthest = new Map<string, number>();

/** One reading at a time, and again until what was told is known. */
async function takeJob({ job, state, n_events }: JobTold): Promise<void> {
  const query = jobQuery(job);
  const known = queries.getQueryData(query.queryKey);
  if (!known || known.n_events >= n_events) return;
  queries.setQueryData(query.queryKey, { ...known, state });
  const isRead = furthest.has(job);
  furthest.set(job, n_events);
  if (isRead) return;
  for (let read = known.n_events; read < (furthest.get(job) ?? 0); ) {
    const { n_events: now } = await queries.fetchQuery({ ...query, staleTime: 0 });
    if (now <= read) break;
    read = now;
  }
  furthest.delete(job);
}

function resync(topic: Topic): void {
  const [kind, id] = topic.split("/");
  if (kind === "tickets") {
    void queries.invalidateQueries({ queryKey: ["ticket", Number(id)] });
    void queries.invalidateQueries({ queryKey: ["timeline", Number(id)] });
  } else void queries.invalidateQueries({ queryKey: [kind === "jobs" ? "job" : "device", id] });
}
