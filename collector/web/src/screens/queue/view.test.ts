import { expect, test } from "vitest";
import type { SavedView } from "../../api/views";
import { addressOf, filterOf, isSame, searchOf, shown } from "./view";

const view = (name: string, filter: SavedView["filter"]): SavedView => ({ name, filter, shared: false, changed_at: "", changed_by: "ada" });
const printers = view("printers", { state: "new,waiting", tag: "printer", order: "due" });

test.each([
  [{}, { state: "unresolved", order: "due" }],
  [{ state: "any", assignee: "me" }, { state: null, assignee: "me", order: "newest" }],
  [{ search: "scan", due_within: 60 }, { state: "unresolved", search: "scan", order: null }],
  [{ due_within: 60, order: "newest" as const }, { state: "unresolved", due_within: 60, order: "due" }],
])("%j is kept as %j", (search, filter) => {
  expect(filterOf(search)).toEqual(filter);
  expect(filterOf(searchOf(filterOf(search)))).toEqual(filter);
});

test("what a view leaves out narrows nothing", () => {
  expect(searchOf({ tag: "vip", tier: null })).toEqual({ state: "any", tag: "vip" });
});

test("a view's name alone stands for what it keeps", () => {
  expect(shown({ view: "printers" }, [printers])).toEqual({ search: { state: "new,waiting", tag: "printer" }, view: printers, isChanged: false });
});

test("with something beside its name, a view is changed", () => {
  expect(shown({ view: "printers", tag: "vip" }, [printers])).toEqual({ search: { tag: "vip" }, view: printers, isChanged: true });
  expect(shown({ view: "printers", tag: "printer", state: "new,waiting" }, [printers])?.isChanged).toBe(false);
});

test("a view is not known before views are read, and then it may not be there", () => {
  expect(shown({ view: "gone" }, undefined)).toBeUndefined();
  expect(shown({ view: "gone" }, [printers])?.missing).toBe("gone");
});

test("who goes back to what a view keeps is at the view, and who takes all away has left it", () => {
  expect(addressOf({ tag: "printer", state: "new,waiting" }, printers)).toEqual({ view: "printers" });
  expect(addressOf({ tag: "vip" }, printers)).toEqual({ tag: "vip", view: "printers" });
  expect(addressOf({}, printers)).toEqual({});
  expect(isSame({ tag: "a", state: "unresolved" }, { tag: "a" })).toBe(true);
});
