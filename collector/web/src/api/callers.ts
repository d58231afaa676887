//! Persons, and who may be calling.

import { queryOptions } from "@tanstack/react-query";
import { api, ask, type Schemas } from "./client";

export type Caller = Schemas["CallerView"];

export const callersQuery = (q: string) =>
  queryOptions({
    queryKey: ["callers", q],
    queryFn: ({ signal }) => ask(api.GET("/api/v1/callers", { params: { query: { q } }, signal })),
    retry: false,
  });

export const personsQuery = (search: string) =>
  queryOptions({
    queryKey: ["persons", search],
    queryFn: ({ signal }) => ask(api.GET("/api/v1/persons", { params: { query: { search, limit: 8 } }, signal })),
  });
