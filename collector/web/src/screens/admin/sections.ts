//! The parts of the administration.

import type { Picture } from "../../parts/icons";

export const SECTIONS = [
  { name: "sites", to: "/admin/sites", icon: "site" },
  { name: "accounts", to: "/admin/accounts", icon: "person" },
  { name: "policies", to: "/admin/policies", icon: "policy" },
  { name: "maintenance", to: "/admin/maintenance", icon: "maintenance" },
  { name: "sla", to: "/admin/sla", icon: "clock" },
  { name: "escalation", to: "/admin/escalation", icon: "escalate" },
  { name: "replies", to: "/admin/replies", icon: "replies" },
  { name: "webhooks", to: "/admin/webhooks", icon: "webhook" },
  { name: "audit", to: "/admin/audit", icon: "audit" },
] as const satisfies { name: string; to: string; icon: Picture }[];
