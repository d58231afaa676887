import { expect, test } from "vitest";
import { parts } from "./fault";

test("a place is counted in characters, whatever a character is made of", () => {
  expect(parts("os where 🖥 = x", { begin: 9, end: 10 })).toEqual(["os where ", "🖥", " = x"]);
  expect(parts("os where", { begin: 8, end: 8 })).toEqual(["os where", "", ""]);
  expect(parts("os", undefined)).toEqual(["os", "", ""]);
});
