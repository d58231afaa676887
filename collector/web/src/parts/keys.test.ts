import { expect, test } from "vitest";
import { find, named } from "./keys";

const press = (key: string, held: Partial<KeyboardEvent> = {}) => named({ key, ctrlKey: false, metaKey: false, altKey: false, ...held });

test("a key is named with what is held", () => {
  expect([press("J"), press("?"), press("k", { ctrlKey: true }), press("K", { metaKey: true }), press("c", { altKey: true })]).toEqual([
    "j", "?", "mod+k", "mod+k", "alt+c",
  ]);
});

const binding = (says: string) => ({ key: "c", says, run: () => undefined });

test("what was registered last is asked first", () => {
  const groups = [{ title: "shell", bindings: [binding("outer")] }, { title: "ticket", bindings: [binding("inner")] }];
  expect(find(groups, "c")?.says).toBe("inner");
});
