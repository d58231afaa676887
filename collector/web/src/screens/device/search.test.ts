import { expect, test } from "vitest";
import { readDeviceSearch } from "./search";

test("what an address says amiss is left out", () => {
  expect(readDeviceSearch({ tab: "nothing", range: "2h", table: 3, ticket: "x", from: 5 })).toEqual({});
});

test("a window has two ends in their order", () => {
  expect(readDeviceSearch({ from: 10, to: 5 })).toEqual({});
  expect(readDeviceSearch({ from: 5, to: 10 })).toEqual({ from: 5, to: 10 });
});

test("the overview needs no word", () => {
  expect(readDeviceSearch({ tab: "overview", ticket: 7 })).toEqual({ ticket: 7 });
});
