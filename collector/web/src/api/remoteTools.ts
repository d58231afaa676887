//! Remote desktop tools of sites: which there are, and opening a device of a ticket in one.

import { queryOptions } from "@tanstack/react-query";
import { api, ask, type Schemas } from "./client";
import { queries } from "./queries";

export type RemoteTool = Schemas["RemoteToolView"];

const MOST = 200;
const ALL = ["remote-tools"];
const one = (tool: string) => ({ params: { path: { tool } } });

export const remoteToolsQuery = queryOptions({
  queryKey: [...ALL, "list"],
  queryFn: ({ signal }) => ask(api.GET("/api/v1/remote-tools", { params: { query: { limit: MOST } }, signal })),
});

/** What a template makes for a device that there is not. */
export const triedQuery = (template: string, site: string | null) =>
  queryOptions({
    queryKey: [...ALL, "try", template, site],
    queryFn: ({ signal }) => ask(api.POST("/api/v1/remote-tools/try", { body: { template, site }, signal })),
    staleTime: Infinity,
  });

/** In what a device of a ticket can be opened. */
export const offeredQuery = (ticket: number, device: string) =>
  queryOptions({
    queryKey: [...ALL, "offered", ticket, device],
    queryFn: ({ signal }) =>
      ask(api.GET("/api/v1/tickets/{ticket}/remote-tools", { params: { path: { ticket: String(ticket) }, query: { device } }, signal })),
    staleTime: 60_000,
  });

async function changed<T>(call: Promise<T>): Promise<T> {
  const answer = await call;
  await queries.invalidateQueries({ queryKey: ALL });
  return answer;
}

export const remoteTools = {
  add: (body: Schemas["AskRemoteTool"]) => changed(ask(api.POST("/api/v1/remote-tools", { body }))),
  set: (tool: string, body: Schemas["AskRemoteTool"]) => changed(ask(api.PUT("/api/v1/remote-tools/{tool}", { ...one(tool), body }))),
  remove: (tool: string) => changed(ask(api.DELETE("/api/v1/remote-tools/{tool}", one(tool)))),
  /** The address is given this once, and the ticket says so. */
  open: (ticket: number, device: string, tool: string) =>
    ask(api.POST("/api/v1/tickets/{ticket}/remote-tools", { params: { path: { ticket: String(ticket) } }, body: { device, tool } })),
};
