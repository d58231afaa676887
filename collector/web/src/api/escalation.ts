//! Rules that hand tickets on: what one would do now.

import { api, ask, type Schemas } from "./client";

export type HandsOn = Schemas["HandsOnView"];

/** Tickets that are looked at for one answer. */
const LOOKED_AT = 500;

/** Answers that are asked for at once. */
const MOST_ANSWERS = 10;

/** Nothing is done; `after` goes on where it has ended. */
export async function tryRule(rule: Schemas["Rule"], after: string | undefined): Promise<{ items: HandsOn[]; next: string | undefined }> {
  const items: HandsOn[] = [];
  let next = after;
  for (let n = 0; n < MOST_ANSWERS; n++) {
    const query = { limit: LOOKED_AT, ...(next !== undefined && { after: next }) };
    const answer: Schemas["HandsOnList"] = await ask(api.POST("/api/v1/escalation/try", { params: { query }, body: rule }));
    items.push(...answer.items);
    next = answer.next ?? undefined;
    if (next === undefined) break;
  }
  return { items, next };
}
