//! The title counts what wants to be looked at; while nobody looks, the browser says what is fresh of it.

import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { ticketsQuery } from "../../api/tickets";
import { useNow } from "../now";
import { setCount } from "../title";
import { since, wanting } from "./attention";

/** Told one by one; more at once are told as one. */
const MOST_NAMED = 3;
/** Clocks are looked at so often, milliseconds. */
const EVERY_MS = 15_000;

export function useAttention(me: string): void {
  const { t } = useTranslation();
  const list = useInfiniteQuery(ticketsQuery({ state: "unresolved", order: "due" }));
  const moment = Math.floor(useNow() / EVERY_MS) * EVERY_MS;
  const told = useRef<ReadonlySet<string>>(undefined);
  const [first] = list.data?.pages ?? [];
  useEffect(() => {
    if (!first) return;
    const all = wanting(first.items, me, moment);
    setCount(all.length);
    const { told: known, fresh } = since(told.current ?? new Set(), all);
    const isFirst = told.current === undefined;
    told.current = known;
    if (isFirst || fresh.length === 0 || !document.hidden || globalThis.Notification?.permission !== "granted") return;
    for (const { ticket, reason } of fresh.slice(0, MOST_NAMED)) {
      tell(t(`attention.${reason}`), `${ticket.number} ${ticket.title}`, `${ticket.number} ${reason}`);
    }
    if (fresh.length > MOST_NAMED) tell(t("attention.more", { count: fresh.length - MOST_NAMED }), "", "more");
  }, [first, me, moment, t]);
}

/** `tag`: what is told again under it takes the place of what was told before. */
function tell(title: string, body: string, tag: string): void {
  const note = new Notification(title, { body, tag });
  note.addEventListener("click", () => window.focus());
}
