import type { TFunction } from "i18next";
import { beforeAll, expect, test, vi } from "vitest";
import { cell, compare, hasWords, quantity } from "./values";

vi.mock("../../locales/i18n", () => ({ language: () => "en" }));
beforeAll(() => void vi.stubEnv("TZ", "UTC"));

const t = ((key: string) => key) as unknown as TFunction;

test.each([
  [1_536, "bytes", "1.5 kB"],
  [81, "%", "81 %"],
  [2_400_000_000, "Hz", "2.4 GHz"],
  [0.25, "s", "0.25 s"],
  [90, "s", "1m"],
  [250_000, "µs", "0.25 s"],
  [12_345, "", "12345"],
  [1.239, "", "1.24"],
  [3_000, "rpm", "3,000 rpm"],
])("%d with the unit %s", (value, unit, expected) => {
  expect(quantity(value, unit)).toBe(expected);
});

test("what is not there is empty, and truth is a word", () => {
  const column = { type: "truth", unit: "" };
  expect([null, undefined, true, false].map((value) => cell(t, column, value))).toEqual(["", "", "value.yes", "value.no"]);
});

test("a row is found by what is read in it", () => {
  const columns = [{ name: "used", type: "integer", unit: "bytes", role: "live" }];
  expect(hasWords(t, columns, { used: 1_536 }, "1.5 kb")).toBe(true);
  expect(hasWords(t, columns, { used: 1_536 }, "1536")).toBe(false);
  expect(hasWords(t, columns, {}, " ")).toBe(true);
});

test("numbers are ordered by size, and what is not there comes last", () => {
  expect([10, undefined, 9, 100].toSorted((a, b) => compare(a, b))).toEqual([9, 10, 100, undefined]);
  expect(compare(undefined, 1, true)).toBeGreaterThan(0);
  expect(compare(2, 1, true)).toBeLessThan(0);
  expect(["eth10", "eth2"].toSorted((a, b) => compare(a, b))).toEqual(["eth2", "eth10"]);
});
