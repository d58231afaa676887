//! Every kind of problem that the collector tells of has words in both languages.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TFunction } from "i18next";
import { expect, test } from "vitest";
import { Problem } from "../api/problem";
import { KNOWN, problemLine } from "./problemText";

const API = join(import.meta.dirname, "../../../src/api");
/** Of calls that the console does not make, or makes rightly. */
const NEVER_SEEN = ["body", "no-method", "no-route", "not-signed", "password-needed", "query", "running"];

function kinds(): string[] {
  const files = readdirSync(API, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".rs") && !name.startsWith("tests"));
  const all = files.flatMap((name) => {
    const source = readFileSync(join(API, name), "utf8");
    const made = source.matchAll(/(?:Problem|Self)::new\(\s*StatusCode::\w+,\s*"([a-z-]+)"/g);
    return [...made, ...source.matchAll(/ kind: "([a-z-]+)",$/gm)].map(([, kind]) => kind ?? "");
  });
  return [...new Set(all)].toSorted();
}

test("every kind that the collector tells of has its words", () => {
  const known: readonly string[] = [...KNOWN, ...NEVER_SEEN];
  expect(kinds().length).toBeGreaterThan(15);
  expect(kinds().filter((kind) => !known.includes(kind))).toEqual([]);
});

const t = ((key: string, parts: object) => [key, ...Object.values(parts ?? {})].filter(Boolean).join(" ")) as unknown as TFunction;

test("what the collector names is told where the words leave it open", () => {
  expect(problemLine(t, Problem.of(422, { type: "urn:sonde:invalid", detail: "it is missing", field: "title", remedy: "give one" }))).toBe(
    "problem.invalid problem.andDo problem.ofField problem.field.title it is missing give one",
  );
  expect(problemLine(t, Problem.of(401, { type: "urn:sonde:wrong", detail: "name, password or code is wrong" }))).toBe("problem.wrong");
});

const line = (field: string) => problemLine(t, Problem.of(422, { type: "urn:sonde:invalid", detail: "it is wrong", field }));

test("a field is called as its form calls it, else as the API does", () => {
  expect(line("checks.disk.space.every_seconds")).toContain("problem.field.every_seconds");
  expect(line("checks.disk.space.limits.free_critical")).toContain("limit.both");
  expect(line("flux.capacitor")).toContain("flux.capacitor");
});

test("an answer that is no problem at all is told as unexpected", () => {
  expect(problemLine(t, Problem.of(500, "<html>"))).toBe("problem.unexpected");
  expect(problemLine(t, new Error("boom"))).toBe("problem.unexpected");
});
