//! Times in which a site or devices are worked on, and findings that are accepted as known.

import { queryOptions } from "@tanstack/react-query";
import { api, ask, type Schemas } from "./client";
import { mutesQuery, type Mute } from "./mutes";
import { queries } from "./queries";
import { whole } from "./whole";

export type Maintenance = Schemas["MaintenanceView"];
export type Plan = Omit<Schemas["NewPlan"], "devices" | "weekly"> & { devices?: string[]; weekly?: boolean };
export type Acceptance = Schemas["AcceptanceView"];

export const maintenanceQuery = queryOptions({
  queryKey: ["maintenance"],
  queryFn: ({ signal }) => whole((query) => ask(api.GET("/api/v1/maintenance", { params: { query }, signal }))),
});

export const acceptancesQuery = queryOptions({
  queryKey: ["acceptances"],
  queryFn: ({ signal }) => whole((query) => ask(api.GET("/api/v1/acceptances", { params: { query }, signal }))),
});

/** What is silenced says so at its finding. */
async function changed<T>(call: Promise<T>): Promise<T> {
  const answer = await call;
  const keys = [maintenanceQuery.queryKey, acceptancesQuery.queryKey, mutesQuery.queryKey, ["device"]];
  await Promise.all(keys.map((queryKey) => queries.invalidateQueries({ queryKey })));
  return answer;
}

export const maintenance = {
  plan: (body: Plan) => changed(ask(api.POST("/api/v1/maintenance", { body: body as Schemas["NewPlan"] }))),
  end: (id: string) => changed(ask(api.DELETE("/api/v1/maintenance/{maintenance}", { params: { path: { maintenance: id } } }))),
};

export const acceptances = {
  accept: (body: Schemas["Accept"]) => changed(ask(api.POST("/api/v1/acceptances", { body }))),
  end: (id: string) => changed(ask(api.DELETE("/api/v1/acceptances/{acceptance}", { params: { path: { acceptance: id } } }))),
};

interface Where {
  id: string;
  site: string;
}

export function isWorkedOn({ devices, site }: Maintenance, device: Where): boolean {
  return devices.length > 0 ? devices.some(({ id }) => id === device.id) : site === device.site;
}

export function isMutedHere(mute: Mute, device: Where): boolean {
  if (mute.device) return mute.device === device.id;
  return mute.site ? mute.site === device.site : true;
}
