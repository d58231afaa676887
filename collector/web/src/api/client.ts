//! The only way to the collector. Who is signed in is known by a cookie that scripts cannot read; what changes something
//! carries the session's token against forged requests.

import createClient, { type Middleware } from "openapi-fetch";
import { connection } from "./connection";
import { Problem } from "./problem";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];

/** After a network error, before the one repetition, milliseconds. */
const AGAIN_AFTER_MS = 400;
/** What these make is shown once, so they cannot be answered again. */
const SHOWN_ONCE = /\/(sign-in|second-factor|tokens|accounts|enrolment-tokens|pages|secret|reset|webhooks|webhook-sources|remote-tools(\/try)?)$/;
/** What a proxy answers in the place of a collector that it cannot reach. */
const BEHIND_PROXY = new Set([502, 504]);
const CHANGES = new Set(["POST", "PUT", "PATCH", "DELETE"]);

let csrf: string | undefined;
let language = "en";
let sessionEnded: () => void = () => undefined;

export function keepToken(token: string | undefined): void {
  csrf = token;
}

export function speak(lang: string): void {
  language = lang;
}

export function onSessionEnd(handler: () => void): void {
  sessionEnded = handler;
}

/** The collector no longer knows who is signed in. */
export function endSession(): void {
  csrf = undefined;
  sessionEnded();
}

/** Headers that every request carries. */
export function headers(method: string, url: string): Record<string, string> {
  const common: Record<string, string> = { "Accept-Language": language };
  if (CHANGES.has(method) && csrf) common["X-CSRF-Token"] = csrf;
  if (method === "POST" && !SHOWN_ONCE.test(url)) common["Idempotency-Key"] = crypto.randomUUID();
  return common;
}

/** The collector answers a repeated call by its key, so a call whose answer got lost may be made once more. */
async function reach(request: Request): Promise<Response> {
  const again = request.clone();
  const isRepeatable = request.headers.has("Idempotency-Key") || request.method === "GET";
  try {
    const answer = await fetch(request);
    return (await isStale(answer)) ? await fetch(await withToken(again)) : answer;
  } catch (failure) {
    if (request.signal.aborted || !isRepeatable) throw failure;
    await new Promise((done) => setTimeout(done, AGAIN_AFTER_MS));
    return fetch(again);
  }
}

/** Somebody has signed in anew in another tab: the token that is known here is that of the session before. */
async function isStale(answer: Response): Promise<boolean> {
  if (answer.status !== 403) return false;
  const body = (await answer.clone().json().catch(() => ({}))) as Partial<Schemas["Problem"]>;
  return body.type === "urn:sonde:csrf";
}

async function withToken(request: Request): Promise<Request> {
  const me = await fetch("/api/v1/me", { credentials: "same-origin" });
  keepToken(((await me.json()) as { csrf?: string }).csrf);
  if (csrf) request.headers.set("X-CSRF-Token", csrf);
  return request;
}

const carry: Middleware = {
  onRequest({ request }) {
    for (const [name, value] of Object.entries(headers(request.method, request.url))) {
      if (!request.headers.has(name)) request.headers.set(name, value);
    }
    return request;
  },
};

export const api = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? "",
  credentials: "same-origin",
  fetch: reach,
});
api.use(carry);

function lost(): Problem {
  connection.lost("calls");
  return Problem.unreachable();
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** What a call answers. Throws a {@link Problem}. */
export async function ask<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call.catch((failure: unknown) => {
    if (failure instanceof DOMException && failure.name === "AbortError") throw failure;
    throw lost();
  });
  if (BEHIND_PROXY.has(response.status)) throw lost();
  connection.found("calls");
  if (response.ok) return data as T;
  if (response.status === 401 && !response.url.endsWith("/sign-in")) endSession();
  throw Problem.of(response.status, error);
}

/** The version that a change is made against. */
export function ifMatch(version: number): { "If-Match": string } {
  return { "If-Match": `"${version}"` };
}
