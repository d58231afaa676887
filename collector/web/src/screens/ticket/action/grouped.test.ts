import type { TFunction } from "i18next";
import { expect, test } from "vitest";
import type { Action, Finding } from "../../../api/devices";
import { grouped } from "./grouped";

const t = ((key: string) => key) as unknown as TFunction;
const actions = ["service.start", "net.dns-set", "disk.clean", "net.dhcp-renew", "bios.flash"].map((id) => ({ id, title: `title of ${id}` }) as Action);
const finding = (status: string, ...remedies: string[]) => ({ check: "a.b", subject: "", status, remedies }) as unknown as Finding;
const shown = (findings: Finding[]) => grouped(t, actions, findings).map(({ title, actions: all }) => [title, ...all.map(({ id }) => id)]);

test("actions stand by area, and an area that is not known here under its own name", () => {
  expect(shown([])).toEqual([
    ["action.area.disk", "disk.clean"],
    ["action.area.net", "net.dhcp-renew", "net.dns-set"],
    ["action.area.service", "service.start"],
    ["bios", "bios.flash"],
  ]);
});

test("what is offered for something wrong comes first, the worst first, and once", () => {
  const [first, ...others] = shown([finding("critical", "net.dns-set", "gone.away"), finding("warning", "disk.clean", "net.dns-set"), finding("ok", "service.start")]);
  expect(first).toEqual(["action.forFindings", "net.dns-set", "disk.clean"]);
  expect(others.map(([title]) => title)).toEqual(["action.area.net", "action.area.service", "bios"]);
});
