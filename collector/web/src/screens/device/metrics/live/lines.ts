//! Live samples as charts take them. Pure.

import type { Course, Series } from "../../../../api/metrics";
import type { LiveSample, LiveValue } from "../../../../api/watch";
import { align, type Aligned } from "../align";
import { plans, type ChartPlan } from "../charts";

const BY_SECOND = /\/s$/;

/** The charts that a sample has something for. */
export function livePlans(sample: LiveSample | undefined): ChartPlan[] {
  const series = sample?.values.map(({ metric, labels, unit }) => ({
    name: metric,
    labels,
    unit: unit.replace(BY_SECOND, ""),
    counter: BY_SECOND.test(unit),
  }));
  return plans((series ?? []) as Series[], undefined).filter(({ known }) => known !== undefined);
}

/** The lines of a chart over the samples; values by the second are so already. */
export function liveLines(samples: readonly LiveSample[], plan: ChartPlan): Aligned {
  const courses = new Map<string, Course>();
  for (const { at, values } of samples) {
    for (const one of values) {
      if (!belongs(one, plan)) continue;
      const key = `${one.metric} ${one.labels}`;
      const course = courses.get(key) ?? ({ name: one.metric, labels: one.labels, unit: plan.unit, points: [] } as unknown as Course);
      course.points.push({ at: new Date(at).toISOString(), value: one.value } as Course["points"][number]);
      courses.set(key, course);
    }
  }
  const order = ({ name, labels }: Course) => `${plan.names.indexOf(name)} ${labels}`;
  const sorted = [...courses.values()].toSorted((a, b) => order(a).localeCompare(order(b)));
  return align(sorted, false);
}

function belongs({ metric, labels }: LiveValue, { names, isWhole }: ChartPlan): boolean {
  return names.includes(metric) && (!isWhole || labels === "");
}

/** What the axis of time shows, milliseconds. Who wants less motion sees it move on in steps. */
export function liveWindow(last: number, length: number, isStill: boolean): { from: number; to: number } {
  const to = isStill ? Math.ceil(last / STILL_MS) * STILL_MS : last;
  return { from: to - length, to };
}

const STILL_MS = 30_000;
