//! Kinds of events of which another system can be told.

import type { Kind } from "../../../api/timeline";

/** Every kind is there, or this does not compile. */
const ALL: Record<Kind, true> = {
  opened: true,
  state_changed: true,
  assigned: true,
  priority_changed: true,
  tier_changed: true,
  requester_changed: true,
  messaged: true,
  noted: true,
  attached: true,
  device_added: true,
  device_removed: true,
  device_away: true,
  asset_added: true,
  asset_removed: true,
  work_asked: true,
  work_ended: true,
  remote_opened: true,
  rechecked: true,
  snapshot_taken: true,
  consent_asked: true,
  consent_answered: true,
  consent_unanswered: true,
  consent_withdrawn: true,
  incident_declared: true,
  joined_incident: true,
  clock_warned: true,
  tag_added: true,
  tag_removed: true,
  watcher_added: true,
  watcher_removed: true,
  linked: true,
  unlinked: true,
};

export const EVENT_KINDS = Object.keys(ALL) as Kind[];
