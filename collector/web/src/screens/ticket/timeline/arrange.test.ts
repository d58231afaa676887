import { expect, test } from "vitest";
import type { TimelineEvent } from "../../../api/timeline";
import { arrange } from "./arrange";

const work = (kind: "work_asked" | "work_ended", number: number, job: string) =>
  ({ kind, number, job, at: `2026-11-28T10:0${number}:00Z`, actor: "ada", device: "d", title: "all checks", state: "succeeded" }) as TimelineEvent;

const on = (day: string, number: number) =>
  ({ kind: "noted", number, at: `2026-11-${day}T12:00:00Z`, actor: "ada", text: "x" }) as TimelineEvent;

test("the end of a job stands with what was asked", () => {
  const [group] = arrange([work("work_asked", 1, "a"), work("work_asked", 2, "b"), work("work_ended", 3, "a")]);
  expect(group?.entries.map(({ event, end }) => [event.number, end?.number])).toEqual([[1, 3], [2, undefined]]);
});

test("an end whose beginning is not known stands alone", () => {
  expect(arrange([work("work_ended", 1, "a")])[0]?.entries).toHaveLength(1);
});

test("each day has its own group", () => {
  expect(arrange([on("27", 1), on("27", 2), on("28", 3)]).map(({ entries }) => entries.length)).toEqual([2, 1]);
});
