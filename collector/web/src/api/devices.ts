//! Devices: their light, what is wrong, what changed, whether it is only this one.

import { infiniteQueryOptions, keepPreviousData, queryOptions, type DataTag } from "@tanstack/react-query";
import { api, ask, type Schemas } from "./client";
import { Problem } from "./problem";

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

export const eventsQuery = (device: string) =>
  queryOptions({
    queryKey: ["device", device, "events"],
    queryFn: ({ signal }) => ask(api.GET("/api/v1/devices/{device}/events", { params: of(device), signal })),
  });

/** What its agent has reported, and what became of it. */
export const reportsQuery = (device: string) =>
  queryOptions({
    queryKey: ["device", device, "reports"],
    queryFn: ({ signal }) => ask(api.GET("/api/v1/devices/{device}/reports", { params: of(device), signal })),
  });

export const rejectedQuery = (device: string) =>
  queryOptions({
    queryKey: ["device", device, "rejected"],
    queryFn: ({ signal }) => ask(api.GET("/api/v1/devices/{device}/rejected", { params: { ...of(device), query: { limit: 20 } }, signal })),
  });

export const devicePolicyQuery = (device: string) =>
  queryOptions({
    queryKey: ["device", device, "policy"],
    queryFn: ({ signal }) => ask(api.GET("/api/v1/devices/{device}/policy", { params: of(device), signal })),
  });

/** Tables that the device can be asked for. */
export const liveTablesQuery = (device: string) =>
  queryOptions({
    queryKey: ["device", device, "tables"],
    queryFn: ({ signal }) => ask(api.GET("/api/v1/tables", { params: { query: { device } }, signal })),
    staleTime: 300_000,
  });

/** Checks that any device declares. */
export const allChecksQuery = queryOptions({
  queryKey: ["checks"],
  queryFn: ({ signal }) => ask(api.GET("/api/v1/checks", { signal })),
  staleTime: 300_000,
});

export const checksQuery = (device: string) =>
  queryOptions({
    queryKey: ["device", device, "checks"],
    queryFn: ({ signal }) => ask(api.GET("/api/v1/checks", { params: { query: { device } }, signal })),
    staleTime: 300_000,
  });

/** What becomes of the device's identity. */
export const identity = {
  split: (device: string, keep: string) => ask(api.POST("/api/v1/devices/{device}/split", { params: of(device), body: { keep } })),
  join: (device: string, predecessor: string | null) =>
    ask(api.POST("/api/v1/devices/{device}/join", { params: of(device), body: { predecessor } })),
  remove: (device: string) => ask(api.DELETE("/api/v1/devices/{device}", { params: of(device) })),
};

/** Ids of devices that have enrolled since the page was opened, the newest first. */
export const enrolledKey: DataTag<["enrolled"], string[]> = ["enrolled"] as never;

/** What narrows a list of devices. */
export interface WhichDevices {
  text?: string;
  connected?: boolean;
  removed?: boolean;
  site?: string;
  os?: string;
  status?: string;
  /** A question: devices with a row for which it holds. */
  q?: string;
}

/** And how it is shown. */
export interface ListedDevices extends WhichDevices {
  sort?: string;
  /** Columns of facts, with commas between them. */
  facts?: string;
}

export type DevicePage = Schemas["DeviceList"];
export type Extent = Schemas["ExtentView"];

/** Devices of one answer. */
const PAGE = 200;

async function readDevices(query: ListedDevices & { after?: string }, signal: AbortSignal): Promise<DevicePage> {
  try {
    return await ask(api.GET("/api/v1/devices", { params: { query: { ...query, limit: PAGE } }, signal }));
  } catch (failure) {
    if (query.facts === undefined || !(failure instanceof Problem) || failure.field !== "facts") throw failure;
    // Where no device has such a table, its columns are empty.
    const { facts: _, ...rest } = query;
    return ask(api.GET("/api/v1/devices", { params: { query: { ...rest, limit: PAGE } }, signal }));
  }
}

export const deviceListQuery = (which: ListedDevices) =>
  infiniteQueryOptions({
    queryKey: ["devices", "list", which],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => readDevices({ ...which, ...(pageParam !== undefined && { after: pageParam }) }, signal),
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
  });

/** How many there are at each site, of each system and status. */
export const deviceCountsQuery = (which: WhichDevices) =>
  queryOptions({
    queryKey: ["devices", "counts", which],
    queryFn: ({ signal }) => ask(api.GET("/api/v1/devices/counts", { params: { query: { ...which } }, signal })),
    placeholderData: keepPreviousData,
    retry: false,
  });

/** Rows of a table of all devices for which a condition holds. */
export const answersQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: ["answers", q],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const query = { q, limit: PAGE, ...(pageParam !== undefined && { after: pageParam }) };
      return ask(api.GET("/api/v1/query", { params: { query }, signal }));
    },
    getNextPageParam: (last) => last.next ?? undefined,
    retry: false,
  });
