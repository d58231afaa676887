//! Who did what: the record that nobody can change unseen.

import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, ask, type Schemas } from "./client";

const PAGE = 200;

export const auditQuery = infiniteQueryOptions({
  queryKey: ["audit"],
  initialPageParam: undefined as number | undefined,
  queryFn: ({ pageParam, signal }) => {
    const query = { limit: PAGE, ...(pageParam !== undefined && { before: pageParam }) };
    return ask(api.GET("/api/v1/audit", { params: { query }, signal }));
  },
  getNextPageParam: (last) => (last.next ? Number(last.next) : undefined),
  staleTime: 0,
});

/** Reads the whole of it. */
export function verifyAudit(): Promise<Schemas["Verdict"]> {
  return ask(api.GET("/api/v1/audit/verify"));
}
