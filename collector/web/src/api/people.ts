//! The directory of persons: who may ask for help.

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, ask, type Schemas } from "./client";
import { queries } from "./queries";

export type Person = Schemas["PersonView"];

const PAGE = 100;

export const peopleQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: ["persons", "list", search],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PAGE, ...(search && { search }), ...(pageParam !== undefined && { after: pageParam }) };
      return ask(api.GET("/api/v1/persons", { params: { query }, signal }));
    },
    getNextPageParam: (last) => last.next ?? undefined,
  });

const one = (person: string) => ({ path: { person } });

export const personQuery = (person: string) =>
  queryOptions({
    queryKey: ["person", person],
    queryFn: ({ signal }) => ask(api.GET("/api/v1/persons/{person}", { params: one(person), signal })),
  });

/** What they asked for, the newest first. */
export const personTicketsQuery = (person: string) =>
  queryOptions({
    queryKey: ["person", person, "tickets"],
    queryFn: ({ signal }) => ask(api.GET("/api/v1/persons/{person}/tickets", { params: { ...one(person), query: { limit: PAGE } }, signal })),
  });

async function changed<T>(call: Promise<T>): Promise<T> {
  const answer = await call;
  await Promise.all([queries.invalidateQueries({ queryKey: ["persons"] }), queries.invalidateQueries({ queryKey: ["person"] })]);
  return answer;
}

export const people = {
  add: (body: Schemas["AskPerson"]) => changed(ask(api.POST("/api/v1/persons", { body }))),
  set: (person: string, body: Schemas["AskPerson"]) => changed(ask(api.PUT("/api/v1/persons/{person}", { params: one(person), body }))),
  remove: (person: string) => changed(ask(api.DELETE("/api/v1/persons/{person}", { params: one(person) }))),
  take: (csv: string) => changed(ask(api.POST("/api/v1/persons/import", { body: { csv } }))),
  /** Says that a device is theirs. */
  confirm: (person: string, device: string) =>
    changed(ask(api.POST("/api/v1/persons/{person}/devices", { params: one(person), body: { device } }))),
  part: (person: string, device: string) =>
    changed(ask(api.DELETE("/api/v1/persons/{person}/devices/{device}", { params: { path: { person, device } } }))),
  erase: (person: string, name: string, words: boolean) =>
    changed(ask(api.POST("/api/v1/persons/{person}/erase", { params: one(person), body: { name, words } }))),
  everything: (person: string) => ask(api.GET("/api/v1/persons/{person}/export", { params: one(person) })),
};
