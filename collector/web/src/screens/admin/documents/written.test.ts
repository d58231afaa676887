import { expect, test } from "vitest";
import { lineOfField, parse } from "./written";

test("what is no JSON object is told by its line", () => {
  expect(parse('{\n "a": 1\n}')).toEqual({ body: { a: 1 } });
  expect(parse("[1]")).toEqual({ line: 1 });
  expect(parse('{\n "a": 1,\n "b": nope\n}')).toEqual({ line: 3 });
});

test("a field is found by its path, also where an id has points", () => {
  const text = JSON.stringify({ checks: { "disk.space": { limits: { free_warning: 900 } } } }, null, 2);
  expect(lineOfField(text, "checks.disk.space")).toBe(3);
  expect(lineOfField(text, "checks.disk.space.limits.free_warning")).toBe(5);
  expect(lineOfField(text, "nothing")).toBeUndefined();
});
