//! What a new document begins with.

import type { Agreement } from "../sla/agreement";
import type { Hours } from "../sla/hours";
import type { Policy } from "../policies/policy";
import type { Macro } from "../replies/MacroForm";

const WORK = ["09:00-12:30", "13:30-18:00"];
const promises = (first: number, next: number, resolution: number) => ({ first_response: first, next_response: next, resolution });

const agreements: Agreement = {
  description: "",
  calendar: "",
  sites: [],
  groups: [],
  priorities: { urgent: promises(15, 30, 240), high: promises(60, 120, 480), normal: promises(240, 480, 1_440), low: promises(480, 960, 2_880) },
  pauses: ["user", "part", "supplier", "appointment"],
  warn_percent: [50, 80],
};

const calendars: Hours = {
  time_zone: "Europe/Paris",
  monday: WORK,
  tuesday: WORK,
  wednesday: WORK,
  thursday: WORK,
  friday: WORK,
  saturday: [],
  sunday: [],
  holidays: {},
};

const macros: Macro = {
  description: "",
  claim: true,
  reply: null,
  note: null,
  tags: [],
  checks: [],
  priority: null,
  tier: null,
  state: null,
  waiting_for: null,
  reason: null,
};

const policies: Policy = {
  description: "",
  sites: [],
  devices: [],
  settling_seconds: null,
  checks: { "disk.space": { opens: "ticket" } },
};

export const templates = {
  policies,
  agreements,
  calendars,
  macros,
};
