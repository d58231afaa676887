//! What an event of each kind says, and the picture beside it. Pure but for the words.

import type { TFunction } from "i18next";
import type { EventOf, Kind, KnownEvent, TimelineEvent } from "../../../api/timeline";
import { moment, percent } from "../../../locales/format";
import type { Picture } from "../../../parts/icons";

interface Said {
  icon: Picture;
  text: string;
  /** In somebody's own words. */
  quote?: string | undefined;
}

/** Those that have a form of their own. */
type Formed = "noted" | "messaged" | "attached" | "work_asked" | "work_ended";
type Line = Exclude<Kind, Formed>;
type Words = { [K in Line]: (t: TFunction, event: EventOf<K>) => Said };

const machine = (event: { device: string; hostname?: string }) => event.hostname ?? event.device.slice(0, 8);

const thing = (event: { asset: string; asset_name?: string }) => event.asset_name ?? event.asset.slice(0, 8);

function parameters(given: Record<string, unknown>): string {
  return Object.entries(given).map(([name, value]) => `${name}=${String(value)}`).join(" ");
}

const UNANSWERED = ["silent", "nobody_there", "not_shown", "too_late"] as const;

const words: Words = {
  opened: (t, { requester, asked }) => ({
    icon: "add",
    text: requester ? t("event.openedFor", { requester }) : t("event.opened"),
    quote: asked && t("event.meantAt", { at: moment(asked.at), login: asked.login }),
  }),
  assigned: (t, { to, actor }) => ({
    icon: "mine",
    text: to === null ? t("event.unassigned") : to === actor ? t("event.claimed") : t("event.assigned", { to }),
  }),
  state_changed: (t, { to, waiting_for, reason, confirmation }) => ({
    icon: to,
    text: [
      to === "waiting" && waiting_for ? t(`event.waiting.${waiting_for}`) : t(`event.state.${to}`),
      confirmation ? t(`event.confirmation.${confirmation}`) : "",
    ].filter(Boolean).join(" · "),
    quote: reason ?? undefined,
  }),
  priority_changed: (t, { to }) => ({ icon: to, text: t("event.priority", { priority: t(`priority.${to}`) }) }),
  requester_changed: (t, { to }) => ({ icon: "person", text: t("event.requesterChanged", { to }) }),
  device_away: (t, event) => ({ icon: "offline", text: t("event.deviceAway", { device: machine(event), at: moment(event.seen_at) }) }),
  tier_changed: (t, { to, reason }) => ({ icon: "escalate", text: t("event.tier", { tier: t(`tier.${to}`) }), quote: reason }),
  device_added: (t, event) => ({ icon: "device", text: t("event.deviceAdded", { device: machine(event) }) }),
  device_removed: (t, event) => ({
    icon: "device",
    text: t(event.goes_on_as ? "event.deviceGoesOn" : "event.deviceRemoved", { device: machine(event) }),
  }),
  asset_added: (t, event) => ({ icon: "asset", text: t("event.deviceAdded", { device: thing(event) }) }),
  asset_removed: (t, event) => ({ icon: "asset", text: t("event.deviceRemoved", { device: thing(event) }) }),
  remote_opened: (t, event) => ({ icon: "remote", text: t("event.remoteOpened", { device: machine(event), tool: event.tool }) }),
  incident_declared: (t, { check }) => ({ icon: "incident", text: t("event.incident", { check }) }),
  joined_incident: (t, { incident }) => ({ icon: "incident", text: t("event.joined", { incident }) }),
  snapshot_taken: (t, event) => ({
    icon: "camera",
    text: t(event.partial ? "event.snapshotPartial" : "event.snapshot", { device: machine(event) }),
    quote: event.window && t("event.snapshotWindow", {
      words: event.window.words,
      from: moment(event.window.from_at),
      to: moment(event.window.to_at),
    }),
  }),
  consent_asked: (t, event) => ({
    icon: "agree",
    text: t("event.consentAsked", { action: event.action, device: machine(event), until: moment(event.expires_at) }),
    quote: parameters(event.parameters) || undefined,
  }),
  consent_answered: (t, { answer, way }) => ({ icon: "agree", text: `${t(`event.answer.${answer}`)} ${t(`event.way.${way}`)}` }),
  consent_unanswered: (t, { reason }) => {
    const known = UNANSWERED.find((one) => one === reason);
    return { icon: "agree", text: known ? t(`event.unanswered.${known}`) : t("event.unansweredOther", { reason }) };
  },
  consent_withdrawn: (t) => ({ icon: "agree", text: t("event.consentWithdrawn") }),
  tag_added: (t, { tag }) => ({ icon: "tag", text: t("event.tagAdded", { tag }) }),
  tag_removed: (t, { tag }) => ({ icon: "tag", text: t("event.tagRemoved", { tag }) }),
  watcher_added: (t, { account, actor }) => ({ icon: "watch", text: account === actor ? t("event.watches") : t("event.watcherAdded", { account }) }),
  watcher_removed: (t, { account, actor }) => ({
    icon: "watch",
    text: account === actor ? t("event.watchesNoMore") : t("event.watcherRemoved", { account }),
  }),
  linked: (t, { relation, ticket }) => ({ icon: "link", text: t(`event.linked.${relation}`, { ticket }) }),
  unlinked: (t, { ticket }) => ({ icon: "link", text: t("event.unlinked", { ticket }) }),
  rechecked: (t) => ({ icon: "check", text: t("event.rechecked") }),
  clock_warned: (t, { measure, tier, percent: gone }) => {
    const what = tier ? `${t(`measure.${measure}`)} (${t(`tier.${tier}`)})` : t(`measure.${measure}`);
    return { icon: "clock", text: gone >= 100 ? t("event.clockOver", { what }) : t("event.clockWarned", { what, gone: percent(gone / 100) }) };
  },
};

export type LineEvent = Exclude<TimelineEvent, { kind: Formed }>;

export function say(t: TFunction, event: LineEvent): Said {
  const of = words[event.kind as Line] as ((t: TFunction, event: KnownEvent) => Said) | undefined;
  return of ? of(t, event as KnownEvent) : { icon: "unknown", text: t("event.unknown", { kind: event.kind as string }) };
}
