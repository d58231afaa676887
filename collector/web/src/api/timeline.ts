//! What can stand on a ticket's timeline. The OpenAPI document leaves open what each kind has to say.

import type { Schemas } from "./client";

export interface Asked {
  device: string;
  login: string;
  at: string;
}

interface FoundBad {
  check: string;
  subject: string;
  status: string;
  summary: string;
}

export interface WorkResult {
  reason: string | null;
  findings: FoundBad[];
  n_findings: number;
  steps: { summary: string; state: string; reason: string | null }[];
  verified: FoundBad[];
  n_verified: number;
}

interface OnDevice {
  device: string;
  hostname?: string;
}

interface Work extends OnDevice {
  job: string;
  title: string;
}

/** By kind, what an event has to say. */
export interface Kinds {
  requester_changed: { to: string };
  device_away: OnDevice & { seen_at: string };
  opened: { title: string; site: string; priority: Schemas["Priority"]; requester: string | null; asked?: Asked };
  noted: { text: string };
  messaged: { side: Schemas["Side"]; text: string; asked?: Asked };
  assigned: { to: string | null };
  state_changed: {
    to: Schemas["State"];
    waiting_for: Schemas["WaitingFor"] | null;
    reason: string | null;
    confirmation?: "requester" | "checks" | "none";
  };
  priority_changed: { to: Schemas["Priority"] };
  tier_changed: { to: Schemas["Tier"]; reason: string };
  device_added: OnDevice;
  device_removed: OnDevice & { goes_on_as?: string };
  asset_added: { asset: string; asset_name?: string };
  asset_removed: { asset: string; asset_name?: string };
  work_asked: Work & { consent?: string; asked?: { parameters: Record<string, unknown>; consent: string | null } };
  work_ended: Work & { state: string; result?: WorkResult };
  remote_opened: OnDevice & { tool: string };
  incident_declared: { check: string };
  joined_incident: { incident: number };
  snapshot_taken: OnDevice & { snapshot: string; partial: boolean; window?: { words: string; from_at: string; to_at: string } };
  consent_asked: OnDevice & { consent: string; action: string; parameters: Record<string, unknown>; plan?: string; expires_at: string };
  consent_answered: { consent: string; answer: Schemas["Answer"]; way: Schemas["Way"] };
  consent_unanswered: { consent: string; reason: string };
  consent_withdrawn: { consent: string };
  attached: { attachment: string; name: string; media_type: string; n_bytes: number; side?: Schemas["Side"] };
  tag_added: { tag: string };
  tag_removed: { tag: string };
  watcher_added: { account: string };
  watcher_removed: { account: string };
  linked: { relation: Schemas["Relation"]; ticket: number };
  unlinked: { relation: Schemas["Relation"]; ticket: number };
  rechecked: object;
  clock_warned: { measure: Schemas["Measure"]; tier: Schemas["Tier"] | null; percent: number };
}

export type Kind = keyof Kinds;

interface Common {
  number: number;
  at: string;
  actor: string;
}

export type EventOf<K extends Kind> = Common & { kind: K } & Kinds[K];
export type KnownEvent = { [K in Kind]: EventOf<K> }[Kind];
/** An event of a kind that this console does not know comes with nothing but its kind. */
export type TimelineEvent = KnownEvent | (Common & { kind: "" });
