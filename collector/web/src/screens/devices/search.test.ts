import { expect, test } from "vitest";
import { listed, orderOf, readDevicesSearch, sortOf, without } from "./search";

test("what an address says amiss is left out", () => {
  const raw = { text: " ", connected: "perhaps", removed: 1, status: "purple", q: "", sort: "size", group: "colour", rows: true };
  expect(readDevicesSearch(raw)).toEqual({});
});

test("a question is kept as it was asked", () => {
  const search = { q: "filesystems where used_percent > 90", connected: false, rows: true, sort: "-seen", group: "os" };
  expect(readDevicesSearch(search)).toEqual(search);
});

test("what is looked for is asked of the collector, in its order and with the columns that are shown", () => {
  expect(listed({ site: "lyon", sort: "-seen", group: "os", rows: true }, ["os.kernel", "memory.total_bytes"])).toEqual({
    site: "lyon", sort: "-seen", facts: "os.kernel,memory.total_bytes",
  });
  expect(listed({ connected: false }, [])).toEqual({ connected: false, sort: "name" });
});

test("an order is that of a column, and back", () => {
  for (const sort of ["name", "-name", "status", "-seen", "agent_version", "enrolled"]) expect(sortOf(orderOf(sort) ?? { column: "", isDown: false })).toBe(sort);
  expect(orderOf("size")).toBeUndefined();
});

test("what else there is of something is counted without it", () => {
  expect(without({ site: "lyon", os: "debian" }, "site")).toEqual({ os: "debian" });
});
