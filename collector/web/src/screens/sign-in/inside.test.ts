import { expect, test } from "vitest";
import { inside } from "./inside";

test("one comes back to where one was", () => expect(inside("/tickets/12#reply")).toBe("/tickets/12#reply"));

test.each(["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)", undefined])(
  "%s leads to the queue",
  (back) => expect(inside(back)).toBe("/"),
);
