import { expect, test } from "vitest";
import { stepOf, windowOf } from "./window";

const HOUR = 3_600_000;

test("the longer the time, the coarser the step", () => {
  expect([HOUR, 24 * HOUR, 14 * 24 * HOUR].map(stepOf)).toEqual(["samples", "5m", "1h"]);
});

test("a window that was chosen goes before the range", () => {
  expect(windowOf({ range: "400d", from: 10, to: 20 }, 1_000)).toEqual({ from: 10, to: 20, step: "samples" });
  expect(windowOf({}, HOUR * 2)).toEqual({ from: HOUR, to: HOUR * 2, step: "samples" });
});
