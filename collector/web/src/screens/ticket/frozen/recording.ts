//! A window of a device's flight recorder, as its job has read it, as charts take it. Pure but for the words.

import type { Schemas } from "../../../api/client";
import type { Job } from "../../../api/jobs";
import type { Course, Series } from "../../../api/metrics";
import type { TimelineEvent } from "../../../api/timeline";
import type { Happened } from "../../device/metrics/happened";

type Rows = Schemas["RowsView"];

export interface Recording {
  series: Series[];
  courses: Course[];
  /** Milliseconds since 1970. */
  from: number;
  to: number;
}

/** What the flight recorder's events are read by. */
const EVENTS = "table recorded_events";
/** More values than a device gives of its recorder are not drawn. */
const MOST_VALUES = 20_000;

/** None: there is no line in it, so it is read as a table. `kept`: the device's series, which say what is a counter. */
export function recording({ table, parameters }: Pick<Job, "table" | "parameters">, kept: readonly Series[]): Recording | undefined {
  if (!table || table.rows.length > MOST_VALUES) return undefined;
  const counters = new Set(kept.filter(({ counter }) => counter).map(({ name }) => name));
  const courses = new Map<string, Course>();
  const times = new Set<number>();
  for (const row of table.rows as Record<string, unknown>[]) {
    const { name, labels = "", unit = "", at, value } = row;
    const time = Date.parse(String(at));
    if (typeof name !== "string" || typeof value !== "number" || Number.isNaN(time)) continue;
    const key = `${name} ${text(labels)}`;
    const course = courses.get(key) ?? { name, labels: text(labels), unit: text(unit), counter: counters.has(name), points: [] };
    course.points.push({ at: String(at), value });
    courses.set(key, course);
    times.add(time);
  }
  const sorted = [...times].toSorted((a, b) => a - b);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined || first === last) return undefined;
  const { since, until } = parameters as Record<string, unknown>;
  return { series: [...courses.values()], courses: [...courses.values()], from: moment(since) ?? first, to: moment(until) ?? last };
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

function moment(value: unknown): number | undefined {
  const at = Date.parse(text(value));
  return Number.isNaN(at) ? undefined : at;
}

/** Of courses, what lies between two times, milliseconds since 1970. */
export function within(courses: readonly Course[], from: number, to: number): Course[] {
  const isIn = ({ at }: { at: string }) => Date.parse(at) >= from && Date.parse(at) <= to;
  return courses.map((course) => ({ ...course, points: course.points.filter(isIn) })).filter(({ points }) => points.length > 0);
}

/** The job that read what turned in the same window. */
export function beside(events: readonly TimelineEvent[], { device, parameters }: Pick<Job, "device" | "parameters">): string | undefined {
  const wanted = JSON.stringify(parameters);
  const isIt = (event: TimelineEvent) =>
    event.kind === "work_asked" && event.title === EVENTS && event.device === device && JSON.stringify(event.asked?.parameters ?? {}) === wanted;
  const found = events.findLast(isIt);
  return found?.kind === "work_asked" ? found.job : undefined;
}

/** What turned, as the recorder calls it. */
export function turned(table: Rows | null | undefined): Happened[] {
  return (table?.rows ?? []).flatMap((row: Record<string, unknown>): Happened[] => {
    const at = Date.parse(text(row["at"]));
    const [subject, change] = [text(row["subject"]) || text(row["of"]), text(row["change"])];
    if (Number.isNaN(at)) return [];
    const isWrong = change === "warning" || change === "critical";
    return [{ at, tone: isWrong ? "warning" : "info", icon: isWrong ? "warning" : "check", says: `${subject}: ${change}`, ticket: undefined }];
  });
}
