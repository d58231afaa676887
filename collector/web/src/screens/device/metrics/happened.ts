//! What is marked on the axis of time: what befell the agent, and what was done for tickets.

import type { TFunction } from "i18next";
import type { Schemas } from "../../../api/client";
import type { Picture } from "../../../parts/icons";
import { workTitle } from "../../../parts/workTitle";
import { agentEvent } from "../agent/agentEvent";
import type { Moment } from "./Plot";

export interface Happened extends Moment {
  icon: Picture;
  says: string;
  ticket: number | undefined;
}

export function happened(t: TFunction, events: readonly Schemas["AgentEventView"][], jobs: readonly Schemas["JobLine"][]): Happened[] {
  const befell = events.map((event): Happened => ({ at: Date.parse(event.at), tone: "warning", icon: "refresh", says: agentEvent(t, event), ticket: undefined }));
  const done = jobs.map((job): Happened => ({
    at: Date.parse(job.issued_at),
    tone: "info",
    icon: "action",
    says: `${job.requested_by} ${workTitle(t, job.title)}`,
    ticket: job.ticket ?? undefined,
  }));
  return [...befell, ...done].toSorted((a, b) => a.at - b.at);
}

/** What happened so near to each other that it has one mark. */
export interface Bundle {
  /** Of all of it, 0 to 1 of the window. */
  place: number;
  all: Happened[];
}

/** Marks are at least so far from each other, of the window. */
const APART = 0.03;

/** What happened in the window, in as many marks as there is room for. */
export function bundled(all: readonly Happened[], from: number, to: number): Bundle[] {
  const bundles: Bundle[] = [];
  for (const one of all) {
    const place = (one.at - from) / (to - from);
    if (place < 0 || place > 1) continue;
    const last = bundles.at(-1);
    if (last && place - last.place < APART) last.all.push(one);
    else bundles.push({ place, all: [one] });
  }
  return bundles;
}
