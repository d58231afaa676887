import { expect, test } from "vitest";
import { strokes, strokesOf } from "./strokes";

const MANY = Array.from({ length: 15 }, (_, n) => `net.sent_bytes interface=${n}`);
const marks = (given: ReadonlyMap<string, object>) => [...given.values()].map((stroke) => JSON.stringify(stroke));

test("a series has the same stroke in whatever order it comes", () => {
  expect(strokesOf(MANY.toReversed(), new Map())).toEqual(strokesOf(MANY, new Map()));
});

test("no two lines of a chart look alike, and no colour comes twice before each has come once", () => {
  const given = strokesOf(MANY, new Map());
  expect(new Set(marks(given)).size).toBe(MANY.length);
  expect(new Set([...strokesOf(MANY.slice(0, 6), new Map()).values()].map(({ colour }) => colour)).size).toBe(6);
  expect(new Set([...given.values()].map(({ round }) => round))).toEqual(new Set([0, 1, 2]));
});

test("a series keeps its stroke when others come or go", () => {
  const [first, ...others] = MANY;
  const stored = strokes("network", MANY);
  const live = strokes("network", others.slice(0, 4));
  for (const [key, stroke] of live) expect(stroke).toEqual(stored.get(key));
  expect(strokes("network", [first ?? "", ...others]).get(first ?? "")).toEqual(stored.get(first ?? ""));
});

test("two that had the same stroke in turn do not have it together", () => {
  const alike = { colour: 0, round: 0 };
  expect(new Set(marks(strokesOf(["a", "b"], new Map([["a", alike], ["b", alike]])))).size).toBe(2);
});
