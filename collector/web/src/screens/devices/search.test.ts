import { expect, test } from "vitest";
import { readDevicesSearch } from "./search";

test("what an address says amiss is left out", () => {
  expect(readDevicesSearch({ text: " ", connected: "perhaps", removed: 1, status: "purple", q: "" })).toEqual({});
});

test("a question is kept as it was asked", () => {
  expect(readDevicesSearch({ q: "filesystems where used_percent > 90", connected: false })).toEqual({ q: "filesystems where used_percent > 90", connected: false });
});
