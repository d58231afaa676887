//! Sites, and what lets machines enrol there.

import { queryOptions } from "@tanstack/react-query";
import { api, ask, type Schemas } from "./client";
import { queries } from "./queries";

export type EnrolmentToken = Schemas["EnrolmentToken"];

const MOST = 500;

export const sitesQuery = queryOptions({
  queryKey: ["sites"],
  queryFn: ({ signal }) => ask(api.GET("/api/v1/sites", { params: { query: { limit: MOST } }, signal })),
  staleTime: 60_000,
});

export async function makeSite(name: string): Promise<void> {
  await ask(api.POST("/api/v1/sites", { body: { name } }));
  await queries.invalidateQueries({ queryKey: sitesQuery.queryKey });
}

export const enrolmentTokensQuery = queryOptions({
  queryKey: ["enrolment-tokens"],
  queryFn: ({ signal }) => ask(api.GET("/api/v1/enrolment-tokens", { params: { query: { limit: MOST } }, signal })),
});

/** What it answers is shown this once. */
export async function makeEnrolmentToken(body: Schemas["NewEnrolmentToken"]): Promise<EnrolmentToken> {
  const made = await ask(api.POST("/api/v1/enrolment-tokens", { body }));
  await queries.invalidateQueries({ queryKey: enrolmentTokensQuery.queryKey });
  return made;
}

export async function revokeEnrolmentToken(token: string): Promise<void> {
  await ask(api.DELETE("/api/v1/enrolment-tokens/{token}", { params: { path: { token } } }));
  await queries.invalidateQueries({ queryKey: enrolmentTokensQuery.queryKey });
}
