import { expect, test } from "vitest";
import type { Finding } from "../../../api/devices";
import { nested } from "./nested";

const finding = (check: string, explained_by: string | null = null) => ({ check, subject: "", status: "critical", explained_by }) as Finding;

const shown = (...findings: Finding[]) => nested(findings).map(({ finding: { check }, consequences }) => [check, ...consequences.map((one) => one.check)]);

test("consequences stand under the first cause", () => {
  expect(shown(finding("net.link"), finding("net.dns", "net.gateway/"), finding("net.gateway", "net.link/"))).toEqual([["net.link", "net.dns", "net.gateway"]]);
});

test("what is explained by something that is not there stands alone", () => {
  expect(shown(finding("net.dns", "net.link/"))).toEqual([["net.dns"]]);
});

test("two that explain each other are both shown", () => {
  expect(shown(finding("a", "b/"), finding("b", "a/"))).toEqual([["a"], ["b"]]);
});
