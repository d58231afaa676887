//! Who did what: the record that nobody can change unseen.

import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { api, ask, type Schemas } from "./client";

const PAGE = 200;

/** What narrows the record; moments as RFC 3339 has them. */
export interface WhichEntries {
  actor?: string;
  subject?: string;
  deed?: string;
  from?: string;
  to?: string;
}

export const auditQuery = (which: WhichEntries) =>
  infiniteQueryOptions({
    queryKey: ["audit", which],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam, signal }) => {
      const query = { ...which, limit: PAGE, ...(pageParam !== undefined && { before: pageParam }) };
      return ask(api.GET("/api/v1/audit", { params: { query }, signal }));
    },
    getNextPageParam: (last) => (last.next ? Number(last.next) : undefined),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });

/** Reads the whole of it. */
export function verifyAudit(): Promise<Schemas["Verdict"]> {
  return ask(api.GET("/api/v1/audit/verify"));
}
