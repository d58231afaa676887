//! What filters are called.

import type { TFunction } from "i18next";
import { duration } from "../../locales/format";
import { CHOICES, STATES, UNRESOLVED, type QueueSearch } from "./search";

export function statesTitle(t: TFunction, state: string | undefined): string {
  if (!state) return t("queue.of.unresolved");
  const one = CHOICES.find((choice) => choice === state);
  if (one) return t(`queue.of.${one}`);
  const named = state.split(",");
  const words = STATES.filter((each) => named.includes(each)).map((each) => t(`state.${each}`));
  return [...(named.includes(UNRESOLVED) ? [t("queue.of.unresolved")] : []), ...words].join(", ");
}

/** Filters that are no field of their own beside the words. */
export const MARKS = ["priority", "tier", "site", "waiting_for", "due_within", "tag", "watcher", "device", "asset"] as const;
export type Marked = (typeof MARKS)[number];

/** The value of a filter, as it is read; things are known by their ids, which `named` reads. */
export function markText(t: TFunction, search: QueueSearch, mark: Marked, named: (id: string) => string): string {
  if (mark === "priority") return t(`priority.${search.priority ?? "normal"}`);
  if (mark === "tier") return t(`tier.${search.tier ?? "first"}`);
  if (mark === "waiting_for") return t(`queue.waitsFor.${search.waiting_for ?? "user"}`);
  if (mark === "due_within") return duration((search.due_within ?? 0) * 60);
  if (mark === "watcher" && search.watcher === "me") return t("queue.myself");
  const text = search[mark] ?? "";
  return mark === "device" || mark === "asset" ? named(text) : text;
}
