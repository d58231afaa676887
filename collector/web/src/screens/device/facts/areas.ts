//! Where each table of facts belongs. Pure.

export const AREAS = ["hardware", "software", "network", "people", "other"] as const;
export type Area = (typeof AREAS)[number];

const TABLES: Record<Exclude<Area, "other">, readonly string[]> = {
  hardware: ["system", "cpus", "memory", "disks", "disk_health", "filesystems", "mounts", "crashes"],
  software: ["os", "packages", "updates", "services", "timers", "certificates", "boots"],
  network: ["interfaces", "addresses", "routes", "dns_servers", "dhcp_leases", "neighbours", "listeners", "proxies", "firewall", "hosts_entries"],
  people: ["users", "sessions"],
};

/** Tables by area, in the order in which one asks for them; those that are not known here come last. */
export function byArea(tables: readonly string[]): { area: Area; tables: string[] }[] {
  const known = new Set(Object.values(TABLES).flat());
  const inArea = (area: Area) => {
    if (area === "other") return tables.filter((table) => !known.has(table));
    return TABLES[area].filter((table) => tables.includes(table));
  };
  return AREAS.map((area) => ({ area, tables: inArea(area) })).filter((group) => group.tables.length > 0);
}
