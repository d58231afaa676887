//! What is measured on a device, and its course.

import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, ask, type Schemas } from "./client";

export type Series = Schemas["SeriesView"];
export type Course = Schemas["Course"];

export const STEPS = ["samples", "5m", "1h"] as const;
export type Step = (typeof STEPS)[number];

/** Milliseconds since 1970. */
export interface Window {
  from: number;
  to: number;
  step: Step;
}

export const seriesQuery = (device: string) =>
  queryOptions({
    queryKey: ["device", device, "series"],
    queryFn: ({ signal }) => ask(api.GET("/api/v1/devices/{device}/series", { params: { path: { device } }, signal })),
    staleTime: 300_000,
  });

export const courseQuery = (device: string, name: string, labels: string | undefined, window: Window) =>
  queryOptions({
    queryKey: ["course", device, name, labels, window],
    queryFn: ({ signal }) => {
      const query = { name, from: rfc(window.from), to: rfc(window.to), step: window.step, ...(labels !== undefined && { labels }) };
      return ask(api.GET("/api/v1/devices/{device}/metrics", { params: { path: { device }, query }, signal }));
    },
    staleTime: Infinity,
    placeholderData: keepPreviousData,
  });

function rfc(at: number): string {
  return new Date(at).toISOString();
}
