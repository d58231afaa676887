import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { ago, bytes, day, duration, number, percent } from "./format";

const shown = vi.hoisted(() => ({ language: "en" }));
vi.mock("./i18n", () => ({ language: () => shown.language }));

beforeAll(() => void vi.stubEnv("TZ", "UTC"));
afterAll(() => void vi.unstubAllEnvs());

/** Without what keeps words together. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

const inBoth = (say: () => string) =>
  (["en", "fr"] as const).map((language) => {
    shown.language = language;
    return plain(say());
  });

test.each([
  [45, "45s", "45 s"],
  [754, "12m", "12 min"],
  [-3_900, "1h 5m", "1 h 5 min"],
  [3_600, "1h", "1 h"],
  [187_200, "2d 4h", "2 j 4 h"],
])("%i seconds are told in two units at most", (seconds, english, french) => {
  expect(inBoth(() => duration(seconds))).toEqual([english, french]);
});

test("numbers are written as the language has it", () => {
  expect(inBoth(() => number(12_345.6, 1))).toEqual(["12,345.6", "12 345,6"]);
  expect(inBoth(() => percent(0.5))).toEqual(["50%", "50 %"]);
});

test("bytes are told in the unit that fits", () => {
  expect(inBoth(() => bytes(700))).toEqual(["700 bytes", "700 octets"]);
  expect(inBoth(() => bytes(1_536))).toEqual(["1.5 kB", "1,5 ko"]);
  expect(inBoth(() => bytes(270_553_174_016))).toEqual(["252 GB", "252 Go"]);
});

test("how long ago is told in the largest unit", () => {
  const now = Date.parse("2026-11-28T12:00:00Z");
  expect(inBoth(() => ago("2026-11-28T09:10:00Z", now))).toEqual(["3 hr ago", "il y a 3 h"]);
});

test("a day is a date, whatever lengths were told in days before", () => {
  expect(inBoth(() => `${duration(187_200)}, ${day("2026-11-28T12:00:00Z")}`)).toEqual(["2d 4h, Saturday 28 November", "2 j 4 h, samedi 28 novembre"]);
});
