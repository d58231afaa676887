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

/** At first the axis of time shows a minute, milliseconds; */
const LEAST_MS = 60_000;
/** for who wants less motion it moves on in steps of so many. */
const STILL_MS = 30_000;

/** What the axis of time shows, milliseconds: more and more, until it is `most`. */
export function liveWindow(samples: readonly LiveSample[], most: number, isStill: boolean): { from: number; to: number } {
  const last = samples.at(-1)?.at ?? 0;
  const to = isStill ? Math.ceil(last / STILL_MS) * STILL_MS : last;
  const length = Math.min(most, Math.max(LEAST_MS, to - (samples[0]?.at ?? 0)));
  const from = to - length;
  return { from: isStill ? Math.floor(from / STILL_MS) * STILL_MS : from, to };
}
