//! Which tickets the queue shows, as its address says it. Pure.

import type { Priority, Tier, WaitingFor, Which } from "../../api/tickets";

export const STATES = ["new", "open", "waiting", "proposed", "resolved", "closed"] as const;
/** Stands for all states before a ticket is resolved; what the queue shows unasked. */
export const UNRESOLVED = "unresolved";
/** What is chosen with one click; several states have commas between them. */
export const CHOICES = ["new", "open", "waiting", "proposed", "resolved", "closed", "any"] as const;
export const PRIORITIES = ["urgent", "high", "normal", "low"] as const satisfies Priority[];
export const TIERS = ["first", "second", "third", "supplier"] as const satisfies Tier[];
export const WAITING = ["user", "part", "supplier", "device", "appointment"] as const satisfies WaitingFor[];

/** Without a state: all that are unresolved. */
export interface QueueSearch {
  /** Name of a view. With anything beside it, the view is changed. */
  view?: string;
  state?: string;
  assignee?: string;
  site?: string;
  tag?: string;
  watcher?: string;
  device?: string;
  asset?: string;
  tier?: Tier;
  priority?: Priority;
  waiting_for?: WaitingFor;
  /** Minutes. */
  due_within?: number;
  search?: string;
  order?: "newest";
}

const TEXTS = ["view", "assignee", "site", "tag", "watcher", "device", "asset", "search"] as const;

function among<T extends string>(all: readonly T[], value: unknown): T | undefined {
  return all.find((one) => one === value);
}

export function readQueueSearch(raw: Record<string, unknown>): QueueSearch {
  const read: QueueSearch = {};
  const state = readState(raw["state"]);
  if (state) read.state = state;
  for (const name of TEXTS) {
    const value = raw[name];
    if ((typeof value === "string" && value !== "") || typeof value === "number") read[name] = String(value);
  }
  const [tier, priority, waiting] = [among(TIERS, raw["tier"]), among(PRIORITIES, raw["priority"]), among(WAITING, raw["waiting_for"])];
  if (tier) read.tier = tier;
  if (priority) read.priority = priority;
  if (waiting) read.waiting_for = waiting;
  const minutes = Number(raw["due_within"]);
  if (Number.isInteger(minutes) && minutes > 0) read.due_within = minutes;
  if (raw["order"] === "newest") read.order = "newest";
  return fitting(read);
}

function readState(raw: unknown): string | undefined {
  if (raw === "any") return raw;
  const named = typeof raw === "string" ? raw.split(",") : [];
  const known = [...STATES, UNRESOLVED].filter((one) => named.includes(one));
  return known.length === named.length && known.length > 0 ? known.join(",") : undefined;
}

/** Without what does not go with the rest: only what is unresolved is due, and words have an order of their own. */
export function fitting(search: QueueSearch): QueueSearch {
  const next = { ...search };
  if (next.state === UNRESOLVED) delete next.state;
  if (next.search || isDone(next)) delete next.due_within;
  if (next.search || isDone(next) || next.due_within) delete next.order;
  return next;
}

export type Order = "due" | "newest" | "fit";

const DONE = ["resolved", "closed", "any"];

function isDone({ state }: QueueSearch): boolean {
  return state?.split(",").some((one) => DONE.includes(one)) ?? false;
}

/** What is done with is not due; what is searched for comes as well as it fits. */
export function order(search: QueueSearch): Order {
  if (search.search) return "fit";
  if (search.due_within && !isDone(search)) return "due";
  return isDone(search) || search.order === "newest" ? "newest" : "due";
}

/** Whether one may choose the order. */
export function hasOrders(search: QueueSearch): boolean {
  return !search.search && !search.due_within && !isDone(search);
}

export function which(search: QueueSearch): Which {
  const { view: _view, state, order: _order, ...rest } = fitting(search);
  const asked: Which = { ...rest };
  if (state !== "any") asked.state = state ?? UNRESOLVED;
  if (order(search) === "due") asked.order = "due";
  return asked;
}
