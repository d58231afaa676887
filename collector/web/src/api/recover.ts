//! Once the collector is lost it is asked for until it answers; then what is shown is read anew.

import { sleep, wait } from "./backoff";
import { api, ask } from "./client";
import { connection } from "./connection";
import { Problem } from "./problem";
import { queries } from "./queries";

let isTrying = false;

async function attempt(): Promise<void> {
  isTrying = true;
  for (let n = 0; connection.read().lostSince !== undefined; n++) {
    await sleep(wait(n, Math.random()));
    await answers();
  }
  isTrying = false;
  await queries.invalidateQueries();
}

/** Whether the collector can be reached now. Any answer is one, whatever it says. */
export async function answers(): Promise<boolean> {
  return ask(api.GET("/api/v1/me")).then(
    () => true,
    (failure: unknown) => failure instanceof Problem && failure.status !== 0,
  );
}

export function recover(): void {
  connection.subscribe(() => {
    if (connection.read().lostSince !== undefined && !isTrying) void attempt();
  });
}
