//! What a story or a screen finds there: made with the session of the page's own account.

import type { Page } from "playwright-core";

/** Calls the API as the page would; gives the answer's body, or nothing where it was refused. */
export function made(page: Page, method: "PUT" | "POST", path: string, body: object): Promise<unknown> {
  return page.evaluate(
    async ([how, where, what]) => {
      const me = (await (await fetch("/api/v1/me")).json()) as { csrf: string };
      const headers = { "Content-Type": "application/json", "X-CSRF-Token": me.csrf };
      const answer = await fetch(`/api/v1${where}`, { method: how, headers, body: what });
      return answer.ok ? ((await answer.json()) as unknown) : undefined;
    },
    [method, path, JSON.stringify(body)] as const,
  );
}
