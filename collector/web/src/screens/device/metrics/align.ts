//! Courses on one axis of time, as a chart takes them. Pure.

import type { Course } from "../../../api/metrics";

export interface Line {
  /** Of its series: the same wherever that is drawn. */
  key: string;
  label: string;
  values: (number | null)[];
}

export interface Aligned {
  /** Seconds since 1970, ascending. */
  times: number[];
  lines: Line[];
}

/** Where nothing was measured for so many usual steps, a line is broken. */
const GAP_STEPS = 4;

export function align(courses: readonly Course[], isRate: boolean): Aligned {
  const read = courses.map((course) => ({ key: `${course.name} ${course.labels}`, label: named(courses, course), points: isRate ? growth(pointsOf(course)) : pointsOf(course) }));
  const times = [...new Set(read.flatMap(({ points }) => points.map(([at]) => at)))].toSorted((a, b) => a - b);
  const holes = gaps(times);
  const all = [...times, ...holes].toSorted((a, b) => a - b);
  const lines = read.map(({ key, label, points }) => {
    const byTime = new Map(points);
    return { key, label, values: all.map((at) => byTime.get(at) ?? null) };
  });
  return { times: all, lines };
}

type Point = [at: number, value: number];

function pointsOf(course: Course): Point[] {
  return course.points.map(({ at, value }) => [Math.round(Date.parse(at) / 1_000), value]);
}

/** In a second; a counter that began anew tells nothing of the time before. */
function growth(points: readonly Point[]): Point[] {
  return points.slice(1).flatMap(([at, value], index): Point[] => {
    const [before, from] = points[index] ?? [at, value];
    const seconds = at - before;
    return seconds > 0 && value >= from ? [[at, (value - from) / seconds]] : [];
  });
}

/** A moment in the middle of each gap, at which nothing has a value. */
function gaps(times: readonly number[]): number[] {
  const steps = times.slice(1).map((at, index) => at - (times[index] ?? at));
  const usual = steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
  return steps.flatMap((step, index) => (step > usual * GAP_STEPS ? [(times[index] ?? 0) + Math.floor(step / 2)] : []));
}

export interface Sums {
  peak: number;
  mean: number;
}

/** Of what was measured; none: nothing was. */
export function summed(values: Line["values"]): Sums | undefined {
  const measured = values.filter((value) => value !== null);
  if (measured.length === 0) return undefined;
  const sum = measured.reduce((before, value) => before + value, 0);
  return { peak: Math.max(...measured), mean: sum / measured.length };
}

/** By what tells it from the others: its labels, its name, or both. */
function named(courses: readonly Course[], course: Course): string {
  const names = new Set(courses.map(({ name }) => name));
  const short = course.name.replace(/^[a-z]+\./, "").replace(/_(seconds|bytes|percent)$/, "").replaceAll("_", " ");
  const labels = course.labels.replaceAll(/\b\w+=/g, "");
  if (!labels) return short;
  return names.size > 1 ? `${labels} ${short}` : labels;
}
