import { expect, test } from "vitest";
import { readAssetsSearch } from "./search";

test("what an address says amiss is left out", () => {
  expect(readAssetsSearch({ search: " ", kind: "toaster", removed: "no", stray: 1 })).toEqual({});
  expect(readAssetsSearch({ search: 10, kind: "printer", removed: "true" })).toEqual({ search: "10", kind: "printer", removed: true });
});
