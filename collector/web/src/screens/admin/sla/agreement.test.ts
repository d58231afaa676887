import { expect, test } from "vitest";
import { percents, withTarget } from "./agreement";

test("a target is set, changed and taken away; a priority without any is left out", () => {
  const one = withTarget({}, "high", "resolution", 480);
  expect(one).toEqual({ high: { resolution: 480 } });
  const two = withTarget(one, "high", "tier", 60);
  expect(two).toEqual({ high: { resolution: 480, tier: 60 } });
  expect(withTarget(two, "high", "resolution", undefined)).toEqual({ high: { tier: 60 } });
  expect(withTarget(one, "high", "resolution", undefined)).toEqual({});
});

test("percents are read as people write them", () => {
  expect(percents(["80 %", "50", "80", "much", "0"])).toEqual([50, 80]);
});
