import { expect, test } from "vitest";
import { moment } from "../locales/format";
import { asked, probed, workGiven } from "./workTitle";

test("what looks for a thing without an agent says at which address", () => {
  expect(probed("net.asset 192.0.2.7:9100")).toBe("192.0.2.7:9100");
  expect(probed("net.dns")).toBeUndefined();
});

test("an action is told from checks", () => {
  expect(asked("mount.mount apply")).toEqual({ action: "mount.mount", phase: "apply" });
  expect(asked("disk.space, net.dns and 3 more")).toEqual({ action: undefined, phase: undefined });
  expect(asked("all checks")).toEqual({ action: undefined, phase: undefined });
});

test("what it was asked with stands in a line, with times as the reader writes them", () => {
  const since = "2026-11-29T05:23:05.121Z";
  expect(workGiven({ pid: 7, since, unit: "2026-11-29" })).toBe(`pid=7 since=${moment(since)} unit=2026-11-29`);
  expect(workGiven({})).toBe("");
});
