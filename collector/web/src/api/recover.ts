//! Once the collector is lost it is asked for until it answers; then what is shown is read anew.

import { sleep, wait } from "./backoff";
import { api, ask } from "./client";
import { connection } from "./connection";
import { queries } from "./queries";

let isTrying = false;

async function attempt(): Promise<void> {
  isTrying = true;
  for (let n = 0; connection.read().lostSince !== undefined; n++) {
    await sleep(wait(n, Math.random()));
    // Any answer is one, whatever it says.
    await ask(api.GET("/api/v1/me")).catch(() => undefined);
  }
  isTrying = false;
  await queries.invalidateQueries();
}

export function recover(): void {
  connection.subscribe(() => {
    if (connection.read().lostSince !== undefined && !isTrying) void attempt();
  });
}
