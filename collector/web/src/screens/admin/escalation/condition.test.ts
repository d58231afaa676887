import type { TFunction } from "i18next";
import { expect, test, vi } from "vitest";
import { begun, CONDITIONS, conditionWords, kindOf } from "./condition";

vi.mock("../../../locales/i18n", () => ({ language: () => "en" }));

const t = ((key: string, values?: object) => [key, ...Object.values(values ?? {})].join(" ")) as unknown as TFunction;

test.each(CONDITIONS)("%s begins as what it is, and has words of its own", (kind) => {
  expect(kindOf(begun(kind))).toBe(kind);
  expect(conditionWords(t, begun(kind))).toContain(`escalation.when.${kind} `);
});

test("findings of an area are told from those of a check", () => {
  expect(conditionWords(t, { finding: { area: "disk", check: null, status: "critical" } })).toBe("escalation.when.finding disk.* status.critical");
  expect(conditionWords(t, { finding: { area: null, check: "disk.space", status: "warning" } })).toBe("escalation.when.finding disk.space status.warning");
});
