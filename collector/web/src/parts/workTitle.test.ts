import { expect, test } from "vitest";
import { asked } from "./workTitle";

test("an action is told from checks", () => {
  expect(asked("mount.mount apply")).toEqual({ action: "mount.mount", phase: "apply" });
  expect(asked("disk.space, net.dns and 3 more")).toEqual({ action: undefined, phase: undefined });
  expect(asked("all checks")).toEqual({ action: undefined, phase: undefined });
});
