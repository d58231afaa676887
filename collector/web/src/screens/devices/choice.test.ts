import { expect, test } from "vitest";
import { COLUMNS, FACTS, isFact, MOST_FACTS, readChoice, toggled } from "./choice";

test("what was chosen is kept, and what is not known any more is left out", () => {
  expect(readChoice("kernel,nothing,status")).toEqual(["status", "kernel"]);
  expect(readChoice("")).toEqual([]);
  expect(readChoice(null).length).toBeGreaterThan(3);
});

test("no more is asked of facts than the collector gives", () => {
  expect(Object.keys(FACTS).length).toBeGreaterThan(MOST_FACTS);
  expect(readChoice(COLUMNS.join(",")).filter(isFact)).toHaveLength(MOST_FACTS);
});

test("a column comes and goes in its place", () => {
  expect(toggled(["status", "kernel"], "seen")).toEqual(["status", "seen", "kernel"]);
  expect(toggled(["status", "seen"], "status")).toEqual(["seen"]);
});
