//! Who is signed in.

import { queryOptions } from "@tanstack/react-query";
import { api, ask, keepToken, type Schemas } from "./client";

export type Me = Schemas["Me"];

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async ({ signal }): Promise<Me> => {
    const me = await ask(api.GET("/api/v1/me", { signal }));
    keepToken(me.csrf ?? undefined);
    return me;
  },
  staleTime: Infinity,
  retry: false,
});

export interface Proof {
  name: string;
  password: string;
  code?: string;
}

export function signIn(proof: Proof): Promise<{ second_factor_needed: boolean }> {
  return ask(api.POST("/api/v1/sign-in", { body: proof }));
}

export async function signOut(): Promise<void> {
  await ask(api.POST("/api/v1/sign-out"));
}

export function newFactor(): Promise<Schemas["NewFactor"]> {
  return ask(api.POST("/api/v1/me/second-factor"));
}

export function confirmFactor(body: Schemas["ConfirmFactor"]): Promise<Schemas["RecoveryCodes"]> {
  return ask(api.PUT("/api/v1/me/second-factor", { body }));
}
