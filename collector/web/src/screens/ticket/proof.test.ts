import { expect, test } from "vitest";
import type { TimelineEvent } from "../../api/timeline";
import { failed } from "./proof";

let number = 0;

function ended(title: string, ...bad: [check: string, status: string][]): TimelineEvent {
  const findings = bad.map(([check, status]) => ({ check, subject: "", status, summary: `${check} is ${status}` }));
  const result = { reason: null, findings, n_findings: 9, steps: [], verified: [], n_verified: 0 };
  return { kind: "work_ended", number: ++number, at: "", actor: "", job: "j", device: "d", hostname: "lab", title, state: "succeeded", result };
}

test("what failed is listed as it was found last", () => {
  const events = [ended("all checks", ["disk.space", "warning"]), ended("disk.space", ["disk.space", "critical"])];
  expect(failed(events).map(({ summary }) => summary)).toEqual(["disk.space is critical"]);
});

test("what cannot be told has not failed", () => {
  expect(failed([ended("all checks", ["disk.health", "unknown"])])).toEqual([]);
});

test("all checks that find it well take it off", () => {
  expect(failed([ended("all checks", ["net.dns", "critical"]), ended("all checks")])).toEqual([]);
});
