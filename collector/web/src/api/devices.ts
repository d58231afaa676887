//! Devices: their light, what is wrong, what changed, whether it is only this one.

import { queryOptions } from "@tanstack/react-query";
import { api, ask, type Schemas } from "./client";

export type Device = Schemas["DeviceView"];
export type Finding = Schemas["FindingView"];
export type Action = Schemas["ActionView"];

const of = (device: string) => ({ path: { device } });

export const deviceQuery = (device: string) =>
  queryOptions({
    queryKey: ["device", device],
    queryFn: ({ signal }) => ask(api.GET("/api/v1/devices/{device}", { params: of(device), signal })),
  });

export const findingsQuery = (device: string) =>
  queryOptions({
    queryKey: ["device", device, "findings"],
    queryFn: ({ signal }) => ask(api.GET("/api/v1/devices/{device}/findings", { params: of(device), signal })),
  });

/** What may have made a finding, or all that changed within a day. */
export const changesQuery = (device: string, finding: string | undefined) =>
  queryOptions({
    queryKey: ["device", device, "changes", finding],
    queryFn: ({ signal }) => {
      const query = finding === undefined ? {} : { for: finding };
      return ask(api.GET("/api/v1/devices/{device}/changes", { params: { ...of(device), query }, signal }));
    },
  });

export const cohortQuery = (device: string, finding: string) =>
  queryOptions({
    queryKey: ["device", device, "cohort", finding],
    queryFn: ({ signal }) =>
      ask(api.GET("/api/v1/devices/{device}/cohort", { params: { ...of(device), query: { for: finding } }, signal })),
  });

export const actionsQuery = (device: string) =>
  queryOptions({
    queryKey: ["device", device, "actions"],
    queryFn: ({ signal }) => ask(api.GET("/api/v1/actions", { params: { query: { device } }, signal })),
    staleTime: 300_000,
  });

export const triedQuery = (device: string, action: string, ticket: number) =>
  queryOptions({
    queryKey: ["device", device, "tried", action],
    queryFn: ({ signal }) =>
      ask(api.GET("/api/v1/devices/{device}/tried", { params: { ...of(device), query: { action, ticket } }, signal })),
  });

export const devicesQuery = (text: string) =>
  queryOptions({
    queryKey: ["devices", text],
    queryFn: ({ signal }) => ask(api.GET("/api/v1/devices", { params: { query: { text, limit: 8 } }, signal })),
  });
