import { expect, test } from "vitest";
import type { Clock } from "../api/tickets";
import { isPaused, next, tone } from "./clocks";

const NOW = Date.parse("2026-11-28T12:00:00Z");

const clock = (minutes: number | null, standing = "running"): Clock => ({
  agreement: "standard",
  at: "",
  measure: "resolution",
  spent_seconds: 0,
  standing,
  target_seconds: 3_600,
  due_at: minutes === null ? null : new Date(NOW + minutes * 60_000).toISOString(),
});

test("what runs out first is due next", () => {
  expect(next([clock(40), clock(10), clock(null, "ended")], NOW)?.seconds).toBe(600);
});

test("what is paused or over is not due", () => {
  expect(next([clock(null, "paused"), clock(null, "ended")], NOW)).toBeUndefined();
  expect(isPaused([clock(null, "paused")])).toBe(true);
});

test.each([[50, "unknown"], [14, "warning"], [0, "warning"], [-1, "critical"]] as const)("%i minutes before it is due it is %s", (minutes, expected) => {
  const due = next([clock(minutes)], NOW);
  expect(due && tone(due)).toBe(expected);
});
