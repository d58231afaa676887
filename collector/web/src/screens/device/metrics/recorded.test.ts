import { expect, test } from "vitest";
import { isRecorded, recorded } from "./recorded";

const HOUR = 3_600_000;
const NOW = 1_000 * HOUR;

test("the last day is recorded, and no more", () => {
  expect(isRecorded({ from: NOW - HOUR, to: NOW }, NOW)).toBe(true);
  expect(isRecorded({ from: NOW - 24 * HOUR, to: NOW }, NOW + 60_000)).toBe(true);
  expect(isRecorded({ from: NOW - 25 * HOUR, to: NOW - 24 * HOUR }, NOW)).toBe(false);
});

test("what falls out of the recorder on the way is not asked for, nor what is still to come", () => {
  expect(recorded({ from: NOW - HOUR, to: NOW }, NOW)).toEqual({ from: new Date(NOW - HOUR).toISOString(), to: new Date(NOW).toISOString() });
  const asked = recorded({ from: NOW - 24 * HOUR, to: NOW + HOUR }, NOW);
  expect(Date.parse(asked.from)).toBeGreaterThan(NOW - 24 * HOUR);
  expect(Date.parse(asked.to)).toBe(NOW);
});
