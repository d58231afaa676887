//! What was promised: how it was kept, and which priority follows from impact and urgency.

import { queryOptions } from "@tanstack/react-query";
import { api, ask, type Schemas } from "./client";
import { queries } from "./queries";

export type Matrix = Schemas["Matrix"];

export const reportQuery = (from: string, to: string) =>
  queryOptions({
    queryKey: ["sla", "report", from, to],
    queryFn: ({ signal }) => ask(api.GET("/api/v1/sla/report", { params: { query: { from, to } }, signal })),
  });

export const matrixQuery = queryOptions({
  queryKey: ["sla", "matrix"],
  queryFn: ({ signal }) => ask(api.GET("/api/v1/matrix", { signal })),
});

export async function setMatrix(body: Matrix): Promise<void> {
  queries.setQueryData(matrixQuery.queryKey, await ask(api.PUT("/api/v1/matrix", { body })));
}
