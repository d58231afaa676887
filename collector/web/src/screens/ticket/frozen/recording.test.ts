import { expect, test } from "vitest";
import type { Job } from "../../../api/jobs";
import type { Series } from "../../../api/metrics";
import type { TimelineEvent } from "../../../api/timeline";
import { beside, recording, turned, within } from "./recording";

const at = (second: number) => new Date(second * 1_000).toISOString();
const row = (name: string, second: number, value: unknown, labels = "") => ({ name, labels, at: at(second), value, unit: "bytes" });
const job = (rows: object[], parameters: object = {}) =>
  ({ device: "d", parameters, table: { name: "recorded_metrics", columns: [], missing_rows: 0, rows } }) as unknown as Job;
const SERIES = [{ name: "net.sent_bytes", labels: "interface=a", unit: "bytes", counter: true }] as Series[];

test("each series of a window is a course, and the device says which of them count", () => {
  const found = recording(job([row("net.sent_bytes", 1, 5, "interface=a"), row("memory.free_bytes", 1, 7), row("net.sent_bytes", 2, 9, "interface=a")]), SERIES);
  expect(found?.courses.map(({ name, labels, counter, points }) => [name, labels, counter, points.map(({ value }) => value)])).toEqual([
    ["net.sent_bytes", "interface=a", true, [5, 9]],
    ["memory.free_bytes", "", false, [7]],
  ]);
  expect([found?.from, found?.to]).toEqual([1_000, 2_000]);
});

test("the axis is the window that was asked for", () => {
  const found = recording(job([row("a.b", 10, 1), row("a.b", 11, 1)], { since: at(5), until: at(20) }), []);
  expect([found?.from, found?.to]).toEqual([5_000, 20_000]);
});

test.each([
  ["nothing", []],
  ["one sample", [row("a.b", 1, 1), row("c.d", 1, 2)]],
  ["no numbers", [row("a.b", 1, "x"), row("a.b", 2, null)]],
  ["no times", [{ name: "a.b", value: 1, at: "soon" }, { name: "a.b", value: 2 }]],
  ["no names", [{ at: at(1), value: 1 }, { at: at(2), value: 2 }]],
  ["more than is drawn", Array.from({ length: 20_001 }, (_, n) => row("a.b", n, n))],
])("a table with %s is no chart", (_, rows) => {
  expect(recording(job(rows), SERIES)).toBeUndefined();
});

test("a part of the time leaves out what lies beside it", () => {
  const { courses = [] } = recording(job([row("a.b", 1, 1), row("a.b", 2, 2), row("c.d", 3, 3)]), []) ?? {};
  expect(within(courses, 2_000, 2_500).map(({ name, points }) => [name, points.length])).toEqual([["a.b", 1]]);
});

const asked = (id: string, title: string, device: string, since: string) =>
  ({ kind: "work_asked", job: id, title, device, asked: { parameters: { since }, consent: null } }) as unknown as TimelineEvent;

test("what turned is that of the same device and the same window", () => {
  const events = [asked("1", "table recorded_events", "d", "a"), asked("2", "table recorded_events", "d", "b"), asked("3", "table recorded_events", "e", "a"), asked("4", "table logs", "d", "a")];
  expect(beside(events, { device: "d", parameters: { since: "a" } as never })).toBe("1");
  expect(beside(events, { device: "f", parameters: { since: "a" } as never })).toBeUndefined();
});

test("a finding that came is marked otherwise than one that went", () => {
  const table = { rows: [{ at: at(1), of: "findings", subject: "disk.space//", change: "critical" }, { at: at(2), of: "agent", subject: "", change: "started" }, { at: 5 }] };
  expect(turned(table as never).map(({ tone, says }) => `${tone} ${says}`)).toEqual(["warning disk.space//: critical", "info agent: started"]);
});
