//! What is told on a stream goes into the cache.

import { useEffect } from "react";
import { enrolledKey } from "./devices";
import { hearOfLights, type Lights } from "./lights";
import { hear, type Topic } from "./live";
import { hearOfJob } from "./jobs";
import { queries } from "./queries";
import type { Told } from "./sse";
import { hearOfTicket } from "./lists";
import { extendTimeline, lookingKey, ticketQuery } from "./tickets";

/** Keeps the cache as the collector tells it for as long as the component is shown. */
export function useFollow(topic: Topic | undefined): void {
  useEffect(() => (topic ? hear(topic, (told) => take(topic, told)) : undefined), [topic]);
}

function take(topic: Topic, told: Told): void {
  const data = JSON.parse(told.data) as Record<string, unknown>;
  if (told.event === "ticket") takeTicket(topic, Number(data["number"]), Number(data["version"]));
  else if (told.event === "job") hearOfJob(String(data["job"]), String(data["state"]), Number(data["n_events"]));
  else if (told.event === "looking") takeLooking(topic, data["names"] as string[]);
  else if (told.event === "device") void queries.invalidateQueries({ queryKey: ["device", data["device"]] });
  else if (told.event === "enrolled") takeEnrolled(String(data["device"]));
  else if (told.event === "lights") hearOfLights(data as unknown as Lights);
  else if (told.event === "resync") resync(topic);
}

function takeTicket(topic: Topic, number: number, version: number): void {
  if (topic === "tickets") return hearOfTicket(number, version);
  const { queryKey } = ticketQuery(number);
  const known = queries.getQueryData(queryKey);
  if (known && known.version >= version) return;
  void queries.invalidateQueries({ queryKey });
  void extendTimeline(number);
}

function takeEnrolled(device: string): void {
  queries.setQueryData(enrolledKey, (known = []) => [device, ...known.filter((one) => one !== device)]);
  void queries.invalidateQueries({ queryKey: ["devices"] });
}

function takeLooking(topic: Topic, names: string[]): void {
  queries.setQueryData(lookingKey(Number(topic.split("/")[1])), names);
}

function resync(topic: Topic): void {
  const [kind, id] = topic.split("/");
  if (topic === "devices") return void queries.invalidateQueries({ queryKey: ["devices"] });
  if (id === undefined) return hearOfTicket(undefined, 0);
  if (kind === "devices") return void queries.invalidateQueries({ queryKey: ["device", id] });
  void queries.invalidateQueries({ queryKey: ["ticket", Number(id)] });
  void queries.invalidateQueries({ queryKey: ["timeline", Number(id)] });
  void queries.invalidateQueries({ queryKey: ["job"] });
}
