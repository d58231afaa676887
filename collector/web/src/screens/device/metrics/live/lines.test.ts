import { expect, test } from "vitest";
import type { LiveSample } from "../../../../api/watch";
import { liveLines, livePlans, liveWindow } from "./lines";

const value = (metric: string, labels: string, unit: string, now: number) => ({ metric, labels, unit, value: now });
const sample = (second: number, ...values: LiveSample["values"]): LiveSample => ({ at: second * 1_000, missed: 0, values });

test("the charts are those for which there are values, and what is by the second is a rate", () => {
  const shown = livePlans(sample(1, value("net.sent_bytes", "interface=a", "bytes/s", 1), value("load.minute_1", "", "", 1), value("tcp.opened", "", "/s", 1)));
  expect(shown.map(({ key, isRate, unit }) => [key, isRate, unit])).toEqual([["load", false, ""], ["network", true, "bytes"]]);
  expect(livePlans(undefined)).toEqual([]);
});

test("a line for each label, in the order of the plan, without growing twice", () => {
  const samples = [10, 11].map((second) =>
    sample(second, value("net.sent_bytes", "interface=a", "bytes/s", second), value("net.received_bytes", "interface=a", "bytes/s", 2 * second)),
  );
  const [plan] = livePlans(samples[0]);
  const { times, lines } = liveLines(samples, plan!);
  expect(times).toEqual([10, 11]);
  expect(lines.map(({ values }) => values)).toEqual([[20, 22], [10, 11]]);
  expect(lines.map(({ key }) => key), "as where they are stored").toEqual(["net.received_bytes interface=a", "net.sent_bytes interface=a"]);
});

test("of what is counted as a whole, its parts are left out", () => {
  const shown = sample(1, value("cpu.user_seconds", "", "s/s", 0.5), value("cpu.user_seconds", "cpu=0", "s/s", 0.5));
  expect(liveLines([shown], livePlans(shown)[0]!).lines).toHaveLength(1);
});

const shown = (first: number, last: number, isStill = false) => liveWindow([sample(first), sample(last)], 300_000, isStill);

test("who wants less motion sees the axis move in steps", () => {
  expect(shown(1_000, 1_061, true)).toEqual(shown(1_000, 1_079, true));
});

test("the axis shows a minute at first, then all, then the last minutes", () => {
  expect(shown(1_000, 1_010)).toEqual({ from: 950_000, to: 1_010_000 });
  expect(shown(1_000, 1_200)).toEqual({ from: 1_000_000, to: 1_200_000 });
  expect(shown(1_000, 2_000)).toEqual({ from: 1_700_000, to: 2_000_000 });
});
