import { expect, test } from "vitest";
import { order, readQueueSearch, which } from "./search";

test("an address without filters is the queue of all that is unresolved", () => {
  expect(which(readQueueSearch({}))).toEqual({ state: "unresolved", order: "due" });
});

test("what an address says amiss is left out", () => {
  expect(readQueueSearch({ state: "broken", assignee: "", tag: 7, order: "due", stray: "x" })).toEqual({ tag: "7" });
});

test("what is done with comes newest first", () => {
  expect(which({ state: "resolved" })).toEqual({ state: "resolved" });
});

test("any state is no filter", () => {
  expect(which({ state: "any", assignee: "ada" })).toEqual({ assignee: "ada" });
});

test("several states are read in their order, and not where one of them is none", () => {
  expect(readQueueSearch({ state: "waiting,new" })).toEqual({ state: "new,waiting" });
  expect(readQueueSearch({ state: "new,broken" })).toEqual({});
  expect(readQueueSearch({ state: "unresolved,resolved" })).toEqual({ state: "resolved,unresolved" });
  expect(readQueueSearch({ state: "open" })).toEqual({ state: "open" });
});

test("only what is unresolved is due within a time, in its own order", () => {
  expect(which(readQueueSearch({ due_within: "60", order: "newest" }))).toEqual({ state: "unresolved", due_within: 60, order: "due" });
  expect(which({ due_within: 60, state: "closed" })).toEqual({ state: "closed" });
});

test("a search has an order of its own", () => {
  expect(order({ search: "printer" })).toBe("fit");
  expect(which({ search: "printer" })).toEqual({ state: "unresolved", search: "printer" });
});
