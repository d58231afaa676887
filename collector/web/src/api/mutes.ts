//! What is not to be heard of for a while.

import { queryOptions } from "@tanstack/react-query";
import { api, ask, type Schemas } from "./client";
import { queries } from "./queries";
import { whole } from "./whole";

export type Mute = Schemas["MuteView"];

export const mutesQuery = queryOptions({
  queryKey: ["mutes"],
  queryFn: ({ signal }) => whole((query) => ask(api.GET("/api/v1/mutes", { params: { query }, signal }))),
});

const again = () => Promise.all([mutesQuery.queryKey, ["device"]].map((queryKey) => queries.invalidateQueries({ queryKey })));

export async function mute(body: Omit<Schemas["AskMute"], "check"> & { check?: string }): Promise<void> {
  await ask(api.POST("/api/v1/mutes", { body }));
  await again();
}

export async function unmute(id: string): Promise<void> {
  await ask(api.DELETE("/api/v1/mutes/{mute}", { params: { path: { mute: id } } }));
  await again();
}
