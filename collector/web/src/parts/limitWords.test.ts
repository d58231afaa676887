import type { TFunction } from "i18next";
import { expect, test } from "vitest";
import { limitWords } from "./limitWords";

const t = ((key: string, parts?: object) => (parts ? Object.values(parts).join(" + ") : key)) as unknown as TFunction;

test("a limit is called by what it measures and from where on it counts", () => {
  expect(limitWords(t, "free_critical")).toBe("limit.what.free + limit.grade.critical");
  expect(limitWords(t, "days_left_warning")).toBe("limit.what.days_left + limit.grade.warning");
});

test("of a limit that is not known here no part is guessed", () => {
  expect(limitWords(t, "flux_warning")).toBeUndefined();
  expect(limitWords(t, "free")).toBeUndefined();
});
