//! What is kept under a name and set as a whole: policies, agreements, calendars, rules, macros, canned replies.

import { queryOptions } from "@tanstack/react-query";
import { api, ask, type Schemas } from "./client";
import { queries } from "./queries";

export interface Kept {
  name: string;
  changed_at: string;
  changed_by: string;
  description?: string;
}

interface Noun {
  list: (signal: AbortSignal) => Promise<{ items: Kept[] }>;
  /** Takes what people have written: the collector says what is wrong with it. */
  put: (name: string, body: object) => Promise<unknown>;
  remove: (name: string) => Promise<unknown>;
}

const most = { params: { query: { limit: 500 } } };

const nouns = {
  policies: {
    list: (signal) => ask(api.GET("/api/v1/policies", { ...most, signal })),
    put: (policy, body) => ask(api.PUT("/api/v1/policies/{policy}", { params: { path: { policy } }, body: body as Schemas["Policy"] })),
    remove: (policy) => ask(api.DELETE("/api/v1/policies/{policy}", { params: { path: { policy } } })),
  },
  agreements: {
    list: (signal) => ask(api.GET("/api/v1/sla/agreements", { ...most, signal })),
    put: (agreement, body) => ask(api.PUT("/api/v1/sla/agreements/{agreement}", { params: { path: { agreement } }, body: body as Schemas["Agreement"] })),
    remove: (agreement) => ask(api.DELETE("/api/v1/sla/agreements/{agreement}", { params: { path: { agreement } } })),
  },
  calendars: {
    list: (signal) => ask(api.GET("/api/v1/sla/calendars", { ...most, signal })),
    put: (calendar, body) => ask(api.PUT("/api/v1/sla/calendars/{calendar}", { params: { path: { calendar } }, body: body as Schemas["Hours"] })),
    remove: (calendar) => ask(api.DELETE("/api/v1/sla/calendars/{calendar}", { params: { path: { calendar } } })),
  },
  escalation: {
    list: (signal) => ask(api.GET("/api/v1/escalation/rules", { ...most, signal })),
    put: (escalation, body) => ask(api.PUT("/api/v1/escalation/rules/{escalation}", { params: { path: { escalation } }, body: body as Schemas["Rule"] })),
    remove: (escalation) => ask(api.DELETE("/api/v1/escalation/rules/{escalation}", { params: { path: { escalation } } })),
  },
  macros: {
    list: (signal) => ask(api.GET("/api/v1/macros", { ...most, signal })),
    put: (macro, body) => ask(api.PUT("/api/v1/macros/{macro}", { params: { path: { macro } }, body: body as Schemas["Macro"] })),
    remove: (macro) => ask(api.DELETE("/api/v1/macros/{macro}", { params: { path: { macro } } })),
  },
  replies: {
    list: (signal) => ask(api.GET("/api/v1/replies", { ...most, signal })),
    put: (reply, body) => ask(api.PUT("/api/v1/replies/{reply}", { params: { path: { reply } }, body: body as Schemas["Reply"] })),
    remove: (reply) => ask(api.DELETE("/api/v1/replies/{reply}", { params: { path: { reply } } })),
  },
} satisfies Record<string, Noun>;

export type DocumentNoun = keyof typeof nouns;


export const documentsQuery = (noun: DocumentNoun) =>
  queryOptions({
    queryKey: ["documents", noun],
    queryFn: async ({ signal }): Promise<Kept[]> => (await nouns[noun].list(signal)).items,
  });

async function changed(noun: DocumentNoun, call: Promise<unknown>): Promise<void> {
  await call;
  await Promise.all([queries.invalidateQueries({ queryKey: ["documents", noun] }), queries.invalidateQueries({ queryKey: [noun] })]);
}

export const documents = {
  put: (noun: DocumentNoun, name: string, body: object) => changed(noun, nouns[noun].put(name, body)),
  remove: (noun: DocumentNoun, name: string) => changed(noun, nouns[noun].remove(name)),
};

/** Takes holidays out of a calendar's file (iCalendar). */
export function takeHolidays(calendar: string, ics: string): Promise<void> {
  const path = { calendar };
  return changed("calendars", ask(api.POST("/api/v1/sla/calendars/{calendar}/holidays", { params: { path }, body: { ics } })));
}

/** As it can be set again: without what the collector writes beside it. */
export function bodyOf(kept: Kept): object {
  const { name: _name, changed_at: _at, changed_by: _by, ...body } = kept;
  return body;
}
