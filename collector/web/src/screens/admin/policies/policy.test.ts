import { expect, test } from "vitest";
import { withLimit, withoutCheck, withRules } from "./policy";

test("what is emptied is left out, and what is not known here stays", () => {
  const checks = { "disk.space": { every_seconds: 600, opens: "ticket" as const, later: true } };
  expect(withRules(checks, "disk.space", { every_seconds: undefined })).toEqual({ "disk.space": { opens: "ticket", later: true } });
  expect(withRules({}, "net.dns", { targets: [], limits: {} })).toEqual({ "net.dns": {} });
  expect(withRules(checks, "disk.space", { every_seconds: 0 })["disk.space"]?.every_seconds).toBe(0);
});

test("a limit is set and given back to the check", () => {
  expect(withLimit(undefined, "free_warning", 10)).toEqual({ free_warning: 10 });
  expect(withLimit({ free_warning: 10, free_critical: 3 }, "free_warning", undefined)).toEqual({ free_critical: 3 });
});

test("a check is taken out", () => {
  expect(withoutCheck({ a: {}, b: {} }, "a")).toEqual({ b: {} });
});
