//! Where a ticket's timeline says that a thing was looked for. Pure.

import type { Asset } from "../../../api/assets";
import type { TimelineEvent } from "../../../api/timeline";
import { probed } from "../../../parts/workTitle";

/** How its address can stand in a job's title. */
function addresses({ address, port }: Pick<Asset, "address" | "port">): string[] {
  if (!address) return [];
  return port ? [`${address}:${port}`, `[${address}]:${port}`] : [address];
}

/** Id of the last job that looked for it where it is now. */
export function lastProbe(events: readonly TimelineEvent[], asset: Pick<Asset, "address" | "port">): string | undefined {
  const wanted = addresses(asset);
  const asked = events.findLast((event) => event.kind === "work_asked" && wanted.includes(probed(event.title) ?? ""));
  return asked?.kind === "work_asked" ? asked.job : undefined;
}
