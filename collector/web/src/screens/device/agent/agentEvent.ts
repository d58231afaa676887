//! What befell an agent, in words.

import type { TFunction } from "i18next";
import type { Schemas } from "../../../api/client";
import { duration } from "../../../locales/format";

export function agentEvent(t: TFunction, event: Schemas["AgentEventView"]): string {
  const length = duration(Math.abs(event.seconds ?? 0));
  if (event.kind === "started") return t(event.clean === false ? "ofAgent.startedUnclean" : "ofAgent.started", { version: event.agent_version ?? "" });
  if (event.kind === "resumed") return t("ofAgent.resumed", { time: length });
  if (event.kind === "clock_jumped") return t((event.seconds ?? 0) < 0 ? "ofAgent.clockBack" : "ofAgent.clockAhead", { time: length });
  return t("ofAgent.otherEvent");
}
