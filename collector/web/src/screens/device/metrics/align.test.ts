import { expect, test } from "vitest";
import type { Course } from "../../../api/metrics";
import { align, summed } from "./align";

const at = (second: number) => new Date(second * 1_000).toISOString();
const course = (name: string, labels: string, ...points: [second: number, value: number][]) =>
  ({ name, labels, unit: "", counter: false, points: points.map(([second, value]) => ({ at: at(second), value })) }) as Course;

const one = (name: string, labels: string) => course(name, labels, [1, 1]);

test("lines share one axis, and have nothing where they were not measured", () => {
  const { times, lines } = align([course("load.minute_1", "", [1, 5], [2, 6]), course("load.minutes_5", "", [2, 7], [3, 8])], false);
  expect(times).toEqual([1, 2, 3]);
  expect(lines).toEqual([
    { key: "load.minute_1 ", label: "minute 1", values: [5, 6, null] },
    { key: "load.minutes_5 ", label: "minutes 5", values: [null, 7, 8] },
  ]);
});

test("a counter is shown as its growth in a second, and its restart as nothing", () => {
  const { times, lines } = align([course("net.sent_bytes", "interface=eth0", [10, 100], [20, 300], [30, 5], [40, 25])], true);
  expect([times, lines[0]?.values]).toEqual([[20, 40], [20, 2]]);
});

test("where nothing was measured for long, the line is broken", () => {
  const { times, lines } = align([course("load.minute_1", "", [0, 1], [15, 1], [30, 1], [330, 2], [345, 2])], false);
  expect(times).toEqual([0, 15, 30, 180, 330, 345]);
  expect(lines[0]?.values[3]).toBeNull();
});

test("a line is called by what tells it from the others", () => {
  expect(align([one("disk.used_percent", "mount=/"), one("disk.used_percent", "mount=/srv")], false).lines.map(({ label }) => label)).toEqual(["/", "/srv"]);
  expect(align([one("disk.read_bytes", "disk=vda"), one("disk.written_bytes", "disk=vda")], false).lines.map(({ label }) => label)).toEqual([
    "vda read",
    "vda written",
  ]);
});

test("the peak and the mean are those of what was measured", () => {
  expect(summed([1, null, 5, -3])).toEqual({ peak: 5, mean: 1 });
  expect(summed([-2, -4])).toEqual({ peak: -2, mean: -3 });
  expect(summed([null])).toBeUndefined();
});
