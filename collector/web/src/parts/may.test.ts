import { expect, test } from "vitest";
import { isAtLeast } from "./may";

test("a role may what the lesser ones may, and not what a higher one may", () => {
  expect(isAtLeast("senior", "technician")).toBe(true);
  expect(isAtLeast("senior", "senior")).toBe(true);
  expect(isAtLeast("technician", "senior")).toBe(false);
  expect(isAtLeast("viewer", "admin")).toBe(false);
});
