import { beforeAll, expect, test, vi } from "vitest";
import { endOfDay, fieldOf, momentOf } from "./times";

beforeAll(() => void vi.stubEnv("TZ", "Europe/Paris"));

const at = Date.parse("2026-11-28T22:30:40Z");

test("a field shows the reader's clock, and gives the moment back", () => {
  expect(fieldOf(at)).toBe("2026-11-28T23:30");
  expect(momentOf("2026-11-28T23:30")).toBe("2026-11-28T22:30:00.000Z");
});

test("what is no moment is none", () => {
  expect(momentOf("")).toBeUndefined();
  expect(momentOf("soon")).toBeUndefined();
});

test("a day ends where the reader is", () => {
  expect(endOfDay(at, 0)).toBe("2026-11-28T22:59:00.000Z");
  expect(endOfDay(at, 7)).toBe("2026-12-05T22:59:00.000Z");
});
