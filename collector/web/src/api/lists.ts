//! How lists of tickets follow what is told: a row at once, its place and what is new a little later.

import type { InfiniteData } from "@tanstack/react-query";
import { queries } from "./queries";
import { ticketQuery, type TicketPage } from "./tickets";

/** Lists are read anew at most so often, milliseconds. */
const EVERY_MS = 3_000;
/** A list that has been read further is not read anew by itself: it is many pages. */
const MOST_PAGES = 3;

type List = InfiniteData<TicketPage>;

let timer: ReturnType<typeof setTimeout> | undefined;

function isShort(list: List | undefined): boolean {
  return (list?.pages.length ?? 0) <= MOST_PAGES;
}

function freshen(): void {
  timer = undefined;
  void queries.invalidateQueries({ queryKey: ["tickets"], refetchType: "none" });
  void queries.refetchQueries({ queryKey: ["tickets", "list"], type: "active", predicate: ({ state }) => isShort(state.data as List | undefined) });
}

/** Without a number: it is not known which. */
export function hearOfTicket(number: number | undefined, version: number): void {
  const lists = queries.getQueriesData<List>({ queryKey: ["tickets", "list"] });
  const shown = lists.flatMap(([, list]) => list?.pages ?? []).flatMap((page) => page.items);
  const known = shown.find((ticket) => ticket.number === number);
  if (known && known.version >= version) return;
  if (known) void queries.fetchQuery({ ...ticketQuery(known.number), staleTime: 0 }).catch(() => undefined);
  timer ??= setTimeout(freshen, EVERY_MS);
}
