//! The parts of the administration, each with the least role that sees it.

import type { Role } from "../../api/accounts";
import { isAtLeast } from "../../parts/may";
import type { Picture } from "../../parts/icons";

export const SECTIONS = [
  { name: "sites", to: "/admin/sites", icon: "site", takes: "viewer" },
  { name: "accounts", to: "/admin/accounts", icon: "person", takes: "admin" },
  { name: "policies", to: "/admin/policies", icon: "policy", takes: "viewer" },
  { name: "maintenance", to: "/admin/maintenance", icon: "maintenance", takes: "viewer" },
  { name: "sla", to: "/admin/sla", icon: "clock", takes: "viewer" },
  { name: "escalation", to: "/admin/escalation", icon: "escalate", takes: "viewer" },
  { name: "replies", to: "/admin/replies", icon: "replies", takes: "viewer" },
  { name: "webhooks", to: "/admin/webhooks", icon: "webhook", takes: "admin" },
  { name: "audit", to: "/admin/audit", icon: "audit", takes: "admin" },
] as const satisfies { name: string; to: string; icon: Picture; takes: Role }[];

export function sectionsFor(role: Role): (typeof SECTIONS)[number][] {
  return SECTIONS.filter(({ takes }) => isAtLeast(role, takes));
}
