//! What a table of facts is called. One that is not known here is called as the agent calls it.

import type { TFunction } from "i18next";

const KNOWN = [
  "addresses", "boots", "certificates", "cpus", "crashes", "dhcp_leases", "disk_health", "disks", "dns_servers", "filesystems", "firewall",
  "hosts_entries", "interfaces", "listeners", "logs", "memory", "mounts", "neighbours", "os", "packages", "processes", "proxies",
  "recorded_events", "recorded_metrics", "recorded_processes", "routes", "services", "sessions", "system", "timers", "updates", "users",
] as const;

export function tableTitle(t: TFunction, table: string): string {
  const known = KNOWN.find((one) => one === table);
  return known ? t(`table.${known}`) : table;
}
