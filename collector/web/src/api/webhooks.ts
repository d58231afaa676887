//! Telling other systems, and hearing from them.

import { queryOptions } from "@tanstack/react-query";
import { api, ask, type Schemas } from "./client";
import { queries } from "./queries";

export type Webhook = Schemas["WebhookView"];

const most = { params: { query: { limit: 200 } } };
const one = (webhook: string) => ({ path: { webhook } });

export const webhooksQuery = queryOptions({
  queryKey: ["webhooks"],
  queryFn: ({ signal }) => ask(api.GET("/api/v1/webhooks", { ...most, signal })),
});

export const sourcesQuery = queryOptions({
  queryKey: ["webhook-sources"],
  queryFn: ({ signal }) => ask(api.GET("/api/v1/webhook-sources", { ...most, signal })),
});

export const deliveriesQuery = (webhook: string) =>
  queryOptions({
    queryKey: ["webhooks", webhook, "deliveries"],
    queryFn: ({ signal }) => ask(api.GET("/api/v1/webhooks/{webhook}/deliveries", { params: { ...one(webhook), query: { limit: 50 } }, signal })),
  });

async function changed<T>(call: Promise<T>): Promise<T> {
  const answer = await call;
  await Promise.all([queries.invalidateQueries({ queryKey: ["webhooks"] }), queries.invalidateQueries({ queryKey: ["webhook-sources"] })]);
  return answer;
}

export const webhooks = {
  /** What it answers is shown this once. */
  add: (body: Schemas["NewEndpoint"]) => changed(ask(api.POST("/api/v1/webhooks", { body }))),
  set: (webhook: string, body: Schemas["EndpointChange"]) => changed(ask(api.PUT("/api/v1/webhooks/{webhook}", { params: one(webhook), body }))),
  remove: (webhook: string) => changed(ask(api.DELETE("/api/v1/webhooks/{webhook}", { params: one(webhook) }))),
  /** What it answers is shown this once. */
  renew: (webhook: string) => changed(ask(api.POST("/api/v1/webhooks/{webhook}/secret", { params: one(webhook) }))),
  test: (webhook: string) => changed(ask(api.POST("/api/v1/webhooks/{webhook}/test", { params: one(webhook) }))),
  /** Those that were given up. */
  replay: (webhook: string, delivery?: string) =>
    changed(ask(api.POST("/api/v1/webhooks/{webhook}/replay", { params: one(webhook), body: delivery ? { delivery } : {} }))),
};

export const sources = {
  /** What it answers is shown this once. */
  add: (body: Schemas["Declared"]) => changed(ask(api.POST("/api/v1/webhook-sources", { body }))),
  remove: (source: string) => changed(ask(api.DELETE("/api/v1/webhook-sources/{source}", { params: { path: { source } } }))),
};
