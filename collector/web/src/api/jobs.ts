//! Asking a device for something on a ticket, and what comes of it.

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, ask, type Schemas } from "./client";
import { queries } from "./queries";

export type Job = Schemas["JobView"];
export type Consent = Schemas["ConsentView"];

/** Jobs of one answer. */
const JOBS = 100;

/** How far each job has come that goes on, as it was told: what is read may be older. */
const told = new Map<string, number>();

const isBehind = (job: Job): boolean => job.n_events < (told.get(job.id) ?? 0);

export const jobQuery = (id: string) =>
  queryOptions({
    queryKey: ["job", id],
    queryFn: async ({ signal }) => {
      const read = () => ask(api.GET("/api/v1/jobs/{job}", { params: { path: { job: id } }, signal }));
      let job = await read();
      while (isBehind(job) && !job.ended) job = await read();
      if (job.ended) told.delete(id);
      return job;
    },
  });

/** What a stream says of a job; it may say so before anybody knows that there is such a job. */
export function hearOfJob(id: string, state: string, nEvents: number): void {
  told.set(id, Math.max(nEvents, told.get(id) ?? 0));
  const { queryKey } = jobQuery(id);
  const known = queries.getQueryData(queryKey);
  if (!known || !isBehind(known)) return;
  queries.setQueryData(queryKey, { ...known, state });
  // What is being read just now goes on until it has this.
  void queries.invalidateQueries({ queryKey }, { cancelRefetch: false });
}

const on = (ticket: number) => ({ path: { ticket: String(ticket) } });

async function first(asked: Promise<Schemas["Asked"]>): Promise<Job> {
  const [job] = (await asked).jobs;
  if (!job) throw new Error("an order without a job");
  const { queryKey } = jobQuery(job.id);
  queries.setQueryData(queryKey, job);
  if (isBehind(job)) void queries.invalidateQueries({ queryKey });
  return job;
}

/** Of an order: the document leaves open what a parameter is called. */
export type Given = NonNullable<Schemas["AskAction"]["parameters"]>;

export function given(parameters: Record<string, unknown>): Given {
  return parameters as Given;
}

export const order = {
  checks: (ticket: number, device: string, checks: string[]) =>
    first(ask(api.POST("/api/v1/tickets/{ticket}/checks", { params: on(ticket), body: { device, checks } }))),
  action: (ticket: number, body: Schemas["AskAction"]) =>
    first(ask(api.POST("/api/v1/tickets/{ticket}/actions", { params: on(ticket), body }))),
  table: (ticket: number, body: Schemas["AskTable"]) =>
    first(ask(api.POST("/api/v1/tickets/{ticket}/tables", { params: on(ticket), body }))),
  /** Has a device look for an asset; without a device, one beside it is chosen. */
  probe: (ticket: number, asset: string, device: string | null) =>
    first(ask(api.POST("/api/v1/tickets/{ticket}/probes", { params: on(ticket), body: { asset, device } }))),
  live: (ticket: number, device: string) =>
    first(ask(api.POST("/api/v1/tickets/{ticket}/live-metrics", { params: on(ticket), body: { device } }))),
  cancel: (job: string) => ask(api.POST("/api/v1/jobs/{job}/cancel", { params: { path: { job } } })),
  consent: (ticket: number, body: Schemas["AskConsent"]) =>
    ask(api.POST("/api/v1/tickets/{ticket}/consents", { params: on(ticket), body })),
  /** With a window, what the device's flight recorder has of it as well: the times as the collector takes them. */
  snapshot: (ticket: number, device: string, window?: { from: string; to: string }) =>
    ask(api.POST("/api/v1/tickets/{ticket}/snapshots", { params: on(ticket), body: { device, ...window } })),
};

/** What a device was asked, the newest first. */
export const jobsQuery = (device: string) =>
  infiniteQueryOptions({
    queryKey: ["device", device, "jobs"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: JOBS, ...(pageParam !== undefined && { before: pageParam }) };
      return ask(api.GET("/api/v1/devices/{device}/jobs", { params: { path: { device }, query }, signal }));
    },
    getNextPageParam: (last) => last.next ?? undefined,
  });

export const consentsQuery = (ticket: number) =>
  queryOptions({
    queryKey: ["ticket", ticket, "consents"],
    queryFn: ({ signal }) => ask(api.GET("/api/v1/tickets/{ticket}/consents", { params: on(ticket), signal })),
  });
