import { expect, test } from "vitest";
import { wait } from "./backoff";

test("each attempt waits longer, up to a limit", () => {
  expect([0, 1, 2, 10].map((attempt) => wait(attempt, 1))).toEqual([500, 1_000, 2_000, 15_000]);
});

test("those who lost the collector at once do not come back at once", () => {
  expect(wait(3, 0)).toBeLessThan(wait(3, 1));
});
