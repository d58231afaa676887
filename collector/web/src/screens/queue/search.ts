//! Which tickets the queue shows, as its address says it. Pure.

import type { Which } from "../../api/tickets";

export const CHOICES = ["new", "waiting", "proposed", "resolved", "closed", "any"] as const;

/** Without a state: everything that is not resolved or closed. */
export interface QueueSearch {
  state?: (typeof CHOICES)[number];
  assignee?: string;
  tag?: string;
  watcher?: string;
  device?: string;
  search?: string;
  order?: "newest";
}

const TEXTS = ["assignee", "tag", "watcher", "device", "search"] as const;

export function readQueueSearch(raw: Record<string, unknown>): QueueSearch {
  const read: QueueSearch = {};
  const state = CHOICES.find((one) => one === raw["state"]);
  if (state) read.state = state;
  for (const name of TEXTS) {
    const value = raw[name];
    if ((typeof value === "string" && value !== "") || typeof value === "number") read[name] = String(value);
  }
  if (raw["order"] === "newest") read.order = "newest";
  return read;
}

export type Order = "due" | "newest" | "fit";

/** What is done with is not due; what is searched for comes as well as it fits. */
export function order(search: QueueSearch): Order {
  if (search.search) return "fit";
  const isDone = search.state === "resolved" || search.state === "closed" || search.state === "any";
  return isDone || search.order === "newest" ? "newest" : "due";
}

export function which(search: QueueSearch): Which {
  const { state, order: _, ...rest } = search;
  const asked: Which = { ...rest };
  if (state !== "any") asked.state = state ?? "open";
  if (order(search) === "due") asked.order = "due";
  return asked;
}
