//! Asking a device for something on a ticket, and what comes of it.

import { queryOptions } from "@tanstack/react-query";
import { api, ask, type Schemas } from "./client";
import { queries } from "./queries";

export type Job = Schemas["JobView"];
export type Consent = Schemas["ConsentView"];

export const jobQuery = (job: string) =>
  queryOptions({
    queryKey: ["job", job],
    queryFn: ({ signal }) => ask(api.GET("/api/v1/jobs/{job}", { params: { path: { job } }, signal })),
  });

const on = (ticket: number) => ({ path: { ticket: String(ticket) } });

async function first(asked: Promise<Schemas["Asked"]>): Promise<Job> {
  const [job] = (await asked).jobs;
  if (!job) throw new Error("an order without a job");
  queries.setQueryData(jobQuery(job.id).queryKey, job);
  return job;
}

export const order = {
  checks: (ticket: number, device: string, checks: string[]) =>
    first(ask(api.POST("/api/v1/tickets/{ticket}/checks", { params: on(ticket), body: { device, checks } }))),
  action: (ticket: number, body: Schemas["AskAction"]) =>
    first(ask(api.POST("/api/v1/tickets/{ticket}/actions", { params: on(ticket), body }))),
  cancel: (job: string) => ask(api.POST("/api/v1/jobs/{job}/cancel", { params: { path: { job } } })),
  consent: (ticket: number, body: Schemas["AskConsent"]) =>
    ask(api.POST("/api/v1/tickets/{ticket}/consents", { params: on(ticket), body })),
  snapshot: (ticket: number, device: string) =>
    ask(api.POST("/api/v1/tickets/{ticket}/snapshots", { params: on(ticket), body: { device } })),
};

export const consentsQuery = (ticket: number) =>
  queryOptions({
    queryKey: ["ticket", ticket, "consents"],
    queryFn: ({ signal }) => ask(api.GET("/api/v1/tickets/{ticket}/consents", { params: on(ticket), signal })),
  });
