//! Tickets: lists, one, its timeline, and what can be done to it.

import { infiniteQueryOptions, queryOptions, type DataTag, type InfiniteData } from "@tanstack/react-query";
import { api, ask, ifMatch, type Schemas } from "./client";
import { Problem } from "./problem";
import type { paths } from "./schema";
import { queries } from "./queries";
import type { TimelineEvent } from "./timeline";

export type Clock = Schemas["ClockView"];
export type State = Schemas["State"];
export type Tier = Schemas["Tier"];
export type Priority = Schemas["Priority"];
export type WaitingFor = Schemas["WaitingFor"];
/** The document calls them text; they are words of closed sets. */
export type Ticket = Schemas["TicketView"] & { state: State; waiting_for?: WaitingFor | null };
export type TicketPage = Omit<Schemas["TicketList"], "items"> & { items: Ticket[] };
type Filter = NonNullable<paths["/api/v1/tickets"]["get"]["parameters"]["query"]>;

/** Which tickets a list shows. */
export type Which = Pick<Filter, "state" | "assignee" | "site" | "device" | "asset" | "tag" | "watcher" | "tier" | "priority" | "waiting_for" | "due_within" | "search" | "order">;

const PAGE = 60;
const TIMELINE_PAGE = 500;
/** Events of one ticket that are read. */
const MOST_EVENTS = 5_000;

export const ticketsQuery = (which: Which) =>
  infiniteQueryOptions({
    queryKey: ["tickets", "list", which],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => {
      const query = page(which, pageParam);
      return (await ask(api.GET("/api/v1/tickets", { params: { query }, signal }))) as TicketPage;
    },
    getNextPageParam: (last) => last.next ?? undefined,
    // The stream of all tickets says when it is old.
    staleTime: Infinity,
  });

/** The few tickets that fit some words best, whatever their state. */
export const foundQuery = (search: string) =>
  queryOptions({
    queryKey: ["tickets", "found", search],
    queryFn: async ({ signal }) => {
      const query = { search, limit: 8 };
      return (await ask(api.GET("/api/v1/tickets", { params: { query }, signal }))) as TicketPage;
    },
  });

function page(which: Which, cursor: string | undefined): Filter {
  const query: Filter = { ...which, limit: PAGE };
  if (which.search) delete query.order;
  if (cursor === undefined) return query;
  const isNewestFirst = !which.search && which.order !== "due";
  return isNewestFirst ? { ...query, before: Number(cursor) } : { ...query, after: cursor };
}

const at = (number: number) => ({ path: { ticket: String(number) } });

export const ticketQuery = (number: number) =>
  queryOptions({
    queryKey: ["ticket", number],
    queryFn: async ({ signal }) => {
      const ticket = await changed(api.GET("/api/v1/tickets/{ticket}", { params: at(number), signal }));
      showInLists(ticket);
      return ticket;
    },
  });

/** Names of those who have it open in a browser. */
export const lookingKey = (number: number): DataTag<["looking", number], string[]> => ["looking", number] as never;

export const timelineQuery = (number: number) =>
  queryOptions({
    queryKey: ["timeline", number],
    queryFn: ({ signal }) => events(number, 0, signal),
    staleTime: Infinity,
  });

async function events(number: number, after: number, signal?: AbortSignal): Promise<TimelineEvent[]> {
  const read: TimelineEvent[] = [];
  for (let from: number | undefined = after; from !== undefined && read.length < MOST_EVENTS; ) {
    const query = { after: from, limit: TIMELINE_PAGE };
    const options = { params: { ...at(number), query }, ...(signal && { signal }) };
    const part: { items: unknown[]; next?: string | null } = await ask(api.GET("/api/v1/tickets/{ticket}/timeline", options));
    read.push(...(part.items as TimelineEvent[]));
    from = part.next ? Number(part.next) : undefined;
  }
  return read;
}

/** Reads what came after the last event that is known. */
export async function extendTimeline(number: number): Promise<void> {
  const { queryKey } = timelineQuery(number);
  const last = queries.getQueryData(queryKey)?.at(-1)?.number;
  if (last === undefined) return queries.invalidateQueries({ queryKey });
  const fresh = await events(number, last).catch(() => undefined);
  if (!fresh) return queries.invalidateQueries({ queryKey });
  queries.setQueryData(queryKey, (known = []) => {
    const newest = known.at(-1)?.number ?? 0;
    return [...known, ...fresh.filter((event) => event.number > newest)];
  });
}

export function openTicket(body: Schemas["NewTicket"]): Promise<Schemas["Opened"]> {
  return ask(api.POST("/api/v1/tickets", { body }));
}

const of = (ticket: Ticket) => ({ ...at(ticket.number), header: ifMatch(ticket.version) });

/** What a technician does to a ticket. What moves it on is done to the version that was seen. */
export const change = {
  claim: (number: number, takeOver: boolean) =>
    changed(api.POST("/api/v1/tickets/{ticket}/claim", { params: at(number), body: { take_over: takeOver } })),
  assign: (ticket: Ticket, to: string | null) =>
    changed(api.POST("/api/v1/tickets/{ticket}/assign", { params: of(ticket), body: { to } })),
  state: (ticket: Ticket, body: Schemas["NewState"]) =>
    changed(api.POST("/api/v1/tickets/{ticket}/state", { params: of(ticket), body })),
  tier: (ticket: Ticket, tier: Tier, reason: string) =>
    changed(api.POST("/api/v1/tickets/{ticket}/tier", { params: of(ticket), body: { tier, reason } })),
  priority: (ticket: Ticket, priority: Priority) =>
    changed(api.POST("/api/v1/tickets/{ticket}/priority", { params: of(ticket), body: { priority } })),
  requester: (ticket: Ticket, who: { requester: string } | { person: string }) =>
    changed(api.POST("/api/v1/tickets/{ticket}/requester", { params: of(ticket), body: who })),
  note: (number: number, text: string) =>
    changed(api.POST("/api/v1/tickets/{ticket}/notes", { params: at(number), body: { text } })),
  message: (number: number, body: Schemas["NewMessage"]) =>
    changed(api.POST("/api/v1/tickets/{ticket}/messages", { params: at(number), body })),
  tag: (number: number, tag: string) =>
    changed(api.POST("/api/v1/tickets/{ticket}/tags", { params: at(number), body: { tag } })),
  untag: (number: number, tag: string) =>
    changed(api.DELETE("/api/v1/tickets/{ticket}/tags/{tag}", { params: { path: { ticket: String(number), tag } } })),
  watch: (number: number) =>
    changed(api.POST("/api/v1/tickets/{ticket}/watchers", { params: at(number), body: {} })),
  unwatch: (number: number, account: string) =>
    changed(api.DELETE("/api/v1/tickets/{ticket}/watchers/{account}", { params: { path: { ticket: String(number), account } } })),
  link: (number: number, relation: Schemas["Relation"], other: number) =>
    changed(api.POST("/api/v1/tickets/{ticket}/links", { params: at(number), body: { relation, ticket: other } })),
  macro: (number: number, macro: string) =>
    changed(api.POST("/api/v1/tickets/{ticket}/macros", { params: at(number), body: { macro } })),
  addDevice: (number: number, device: string) =>
    changed(api.POST("/api/v1/tickets/{ticket}/devices", { params: at(number), body: { device } })),
  addAsset: (number: number, asset: string) =>
    changed(api.POST("/api/v1/tickets/{ticket}/assets", { params: at(number), body: { asset } })),
  removeAsset: (number: number, asset: string) =>
    changed(api.DELETE("/api/v1/tickets/{ticket}/assets/{asset}", { params: { path: { ticket: String(number), asset } } })),
};

/** Where somebody else was faster, the ticket is read anew. */
async function changed(call: Parameters<typeof ask<Schemas["TicketView"]>>[0]): Promise<Ticket> {
  try {
    return (await ask(call)) as Ticket;
  } catch (failure) {
    if (failure instanceof Problem && failure.kind === "changed-since") void queries.invalidateQueries({ queryKey: ["ticket"] });
    throw failure;
  }
}

/** Whom it can be given to. */
export const techniciansQuery = (number: number) =>
  queryOptions({
    queryKey: ["technicians", number],
    queryFn: ({ signal }) => ask(api.GET("/api/v1/tickets/{ticket}/technicians", { params: at(number), signal })),
  });

/** The address of the requester's page; it is shown this once. */
export function makePage(number: number): Promise<Schemas["PageAddress"]> {
  return ask(api.POST("/api/v1/tickets/{ticket}/pages", { params: at(number), body: {} }));
}

/** All of a ticket as one archive, in this language. */
export function caseFileAddress(number: number, language: string): string {
  return `/api/v1/tickets/${number}/case-file?lang=${language}`;
}

/** Keeps what a change has answered. */
export function keepTicket(ticket: Ticket): void {
  queries.setQueryData(ticketQuery(ticket.number).queryKey, ticket);
  void extendTimeline(ticket.number);
  showInLists(ticket);
}

/** A row shows what is known at once; it stays in its place until the list is read anew. */
function showInLists(ticket: Ticket): void {
  const shown = (one: Ticket) => (one.number === ticket.number ? ticket : one);
  queries.setQueriesData<InfiniteData<TicketPage>>({ queryKey: ["tickets", "list"] }, (list) =>
    list && { ...list, pages: list.pages.map((part) => ({ ...part, items: part.items.map(shown) })) },
  );
  void queries.invalidateQueries({ queryKey: ["tickets"], refetchType: "none" });
}

export const macrosQuery = queryOptions({
  queryKey: ["macros"],
  queryFn: ({ signal }) => ask(api.GET("/api/v1/macros", { params: { query: { limit: 200 } }, signal })),
  staleTime: 60_000,
});

export const repliesQuery = queryOptions({
  queryKey: ["replies"],
  queryFn: ({ signal }) => ask(api.GET("/api/v1/replies", { params: { query: { limit: 200 } }, signal })),
  staleTime: 60_000,
});
