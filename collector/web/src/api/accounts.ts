//! Accounts of those who work here.

import { queryOptions } from "@tanstack/react-query";
import { api, ask, type Schemas } from "./client";
import { queries } from "./queries";

export type Account = Schemas["AccountView"];
export type Role = Schemas["Role"];

const MOST = 500;

export const accountsQuery = queryOptions({
  queryKey: ["accounts"],
  queryFn: ({ signal }) => ask(api.GET("/api/v1/accounts", { params: { query: { limit: MOST } }, signal })),
});

/** What it answers is shown this once. */
export async function makeAccount(body: Schemas["NewAccount"]): Promise<Schemas["CreatedAccount"]> {
  const made = await ask(api.POST("/api/v1/accounts", { body }));
  await queries.invalidateQueries({ queryKey: accountsQuery.queryKey });
  return made;
}

/** What it answers is shown this once. */
export async function resetAccount(account: string): Promise<Schemas["CreatedAccount"]> {
  return ask(api.POST("/api/v1/accounts/{account}/reset", { params: { path: { account } } }));
}

export async function changeAccount(account: string, body: Schemas["Change"]): Promise<Account> {
  const changed = await ask(api.PATCH("/api/v1/accounts/{account}", { params: { path: { account } }, body }));
  await queries.invalidateQueries({ queryKey: accountsQuery.queryKey });
  return changed;
}
