import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TFunction } from "i18next";
import { expect, test } from "vitest";
import { say, type LineEvent } from "./words";

const t = ((key: string, options?: object) => [key, ...Object.values(options ?? {})].join(" ")) as unknown as TFunction;
const common = { number: 1, at: "2026-11-28T12:00:00Z", actor: "ada" };
const said = (event: object) => say(t, { ...common, ...event } as LineEvent).text;

test("an event of a kind that is not known is named", () => {
  expect(said({ kind: "painted" })).toBe("event.unknown painted");
});

test("taking a ticket oneself is not being given it", () => {
  expect(said({ kind: "assigned", to: "ada" })).toBe("event.claimed");
  expect(said({ kind: "assigned", to: "bruno" })).toBe("event.assigned bruno");
  expect(said({ kind: "assigned", to: null })).toBe("event.unassigned");
});

test("a promise that is broken is not warned of any more", () => {
  expect(said({ kind: "clock_warned", measure: "resolution", tier: null, percent: 100 })).toContain("event.clockOver");
  expect(said({ kind: "clock_warned", measure: "resolution", tier: null, percent: 75 })).toContain("event.clockWarned");
});

test("who confirmed a resolution is said with it", () => {
  const event = { kind: "state_changed", to: "resolved", waiting_for: null, reason: null, confirmation: "none" };
  expect(said(event)).toBe("event.state.resolved · event.confirmation.none");
});

const EVENTS = join(import.meta.dirname, "../../../../../src/desk/event.rs");
/** Those that have more than a line. */
const OTHERWISE = ["noted", "messaged", "attached", "work_asked", "work_ended"];

function kinds(): string[] {
  return [...readFileSync(EVENTS, "utf8").matchAll(/Self::\w+ \{.*?\} => "([a-z_]+)"/g)].map(([, kind]) => kind ?? "");
}

test("every kind of event that a ticket can have is told", () => {
  const fields = { device: "d", asset: "a", parameters: {}, expires_at: common.at, seen_at: common.at, percent: 50 };
  expect(kinds().length).toBeGreaterThan(20);
  const told = kinds().filter((kind) => !OTHERWISE.includes(kind)).map((kind) => said({ ...fields, kind }));
  expect(told.filter((text) => text.startsWith("event.unknown"))).toEqual([]);
});
