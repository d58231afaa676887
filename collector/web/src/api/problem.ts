//! What went wrong, as the collector says it or as the browser knows it.

import type { components } from "./schema";

export type ProblemBody = components["schemas"]["Problem"];

/** `kind` is the word to decide by: that of the collector's answer, or "unreachable" where there was none. */
export class Problem extends Error {
  readonly kind: string;
  readonly status: number;
  readonly field: string | undefined;
  /** Where in that, by its characters. */
  readonly at: { begin: number; end: number } | undefined;
  readonly remedy: string | undefined;
  readonly retryAfter: number | undefined;

  constructor(kind: string, detail: string, status: number, body?: Partial<ProblemBody>) {
    super(detail);
    this.kind = kind;
    this.status = status;
    this.field = body?.field ?? undefined;
    this.at = body?.at ?? undefined;
    this.remedy = body?.remedy ?? undefined;
    this.retryAfter = body?.retry_after ?? undefined;
  }

  static unreachable(): Problem {
    return new Problem("unreachable", "", 0);
  }

  static of(status: number, body: unknown): Problem {
    const said = (typeof body === "object" && body !== null ? body : {}) as Partial<ProblemBody>;
    const kind = said.type?.replace(/^urn:sonde:/, "") ?? "unexpected";
    return new Problem(kind, said.detail ?? "", status, said);
  }
}
