//! The cache of what the collector has said, and how it becomes stale.

import { QueryClient } from "@tanstack/react-query";
import { Problem } from "./problem";

const MOST_RETRIES = 2;

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (n, failure) => n < MOST_RETRIES && failure instanceof Problem && (failure.status === 0 || failure.status >= 500),
      refetchOnWindowFocus: true,
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});
