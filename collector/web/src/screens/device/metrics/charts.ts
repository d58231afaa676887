//! Which charts a machine has, by what is measured on it. Pure.

import type { Series } from "../../../api/metrics";

export interface ChartPlan {
  key: string;
  /** Under what it is known in the catalogue; none: it is called by its series. */
  known: "cpu" | "load" | "memory" | "pressure" | "diskUse" | "diskRate" | "network" | "agentMemory" | undefined;
  /** Names of its series; each label of each is a line. */
  names: string[];
  /** Only the series of the machine as a whole. */
  isWhole: boolean;
  unit: string;
  /** Its counters are shown as growth in a second. */
  isRate: boolean;
}

const USUAL: Omit<ChartPlan, "unit" | "isRate">[] = [
  { key: "cpu", known: "cpu", names: ["cpu.user_seconds", "cpu.system_seconds", "cpu.iowait_seconds", "cpu.steal_seconds"], isWhole: true },
  { key: "load", known: "load", names: ["load.minute_1", "load.minutes_5", "load.minutes_15"], isWhole: true },
  { key: "memory", known: "memory", names: ["memory.available_bytes", "memory.cached_bytes", "memory.anonymous_bytes"], isWhole: true },
  { key: "pressure", known: "pressure", names: ["pressure.some_10s_percent"], isWhole: false },
  { key: "diskUse", known: "diskUse", names: ["disk.used_percent"], isWhole: false },
  { key: "diskRate", known: "diskRate", names: ["disk.read_bytes", "disk.written_bytes"], isWhole: false },
  { key: "network", known: "network", names: ["net.received_bytes", "net.sent_bytes"], isWhole: false },
  { key: "agentMemory", known: "agentMemory", names: ["agent.resident_bytes"], isWhole: true },
];

/** The usual ones as far as they are measured; with `extra`, the series of that name before them. */
export function plans(series: readonly Series[], extra: string | undefined): ChartPlan[] {
  const byName = new Map(series.map((one) => [one.name, one]));
  const usual = USUAL.flatMap((chart) => {
    const names = chart.names.filter((name) => byName.has(name));
    const first = byName.get(names[0] ?? "");
    return first ? [{ ...chart, names, unit: first.unit, isRate: first.counter }] : [];
  });
  const wanted = byName.get(extra ?? "") ?? (usual.length === 0 ? series[0] : undefined);
  if (!wanted) return usual;
  const own = { key: wanted.name, known: undefined, names: [wanted.name], isWhole: false, unit: wanted.unit, isRate: wanted.counter };
  return [own, ...usual];
}

/** The unit of a line: of a counter of bytes, bytes in a second; of one of seconds, how many at once. */
export function unitOf(plan: ChartPlan): string {
  return plan.isRate && plan.unit === "s" ? "" : plan.unit;
}
