//! Both catalogues are whole, and every text in them is used somewhere.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import en from "./en.json";
import fr from "./fr.json";

type Tree = { [name: string]: string | Tree };

const PLURAL = /_(zero|one|two|few|many|other)$/;

function flat(tree: Tree, before = ""): Map<string, string> {
  const entries = Object.entries(tree).flatMap(([name, value]): [string, string][] =>
    typeof value === "string" ? [[before + name, value]] : [...flat(value, `${before}${name}.`)],
  );
  return new Map(entries);
}

const english = flat(en);
const french = flat(fr);
const base = (keys: Iterable<string>) => new Set([...keys].map((key) => key.replace(PLURAL, "")));

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) && !/\.(test|d)\.tsx?$/.test(entry.name) ? [readFileSync(path, "utf8")] : [];
  });
}

/** Keys that the code names, and beginnings of those that it makes: t(`tier.${tier}`). */
function used(): { keys: Set<string>; beginnings: Set<string> } {
  const keys = new Set<string>();
  const beginnings = new Set<string>();
  for (const source of sources(join(import.meta.dirname, ".."))) {
    for (const [, key] of source.matchAll(/["']([a-zA-Z]+(?:\.[a-zA-Z_-]+)+)["']/g)) keys.add(key ?? "");
    for (const [, beginning] of source.matchAll(/`([a-zA-Z]+(?:\.[a-zA-Z_-]+)*\.)\$\{/g)) beginnings.add(beginning ?? "");
  }
  return { keys, beginnings };
}

test("both languages have the same keys", () => {
  expect([...base(french.keys())].toSorted()).toEqual([...base(english.keys())].toSorted());
});

test("no text is empty", () => {
  for (const [key, text] of [...english, ...french]) expect(text.trim(), key).not.toBe("");
});

test.each([["en", english], ["fr", french]] as const)("%s has each plural that the language knows", (lang, catalogue) => {
  const forms = new Intl.PluralRules(lang).resolvedOptions().pluralCategories;
  const plural = base([...catalogue.keys()].filter((key) => PLURAL.test(key)));
  for (const key of plural) for (const form of forms) expect(catalogue.has(`${key}_${form}`), `${key}_${form}`).toBe(true);
});

const places = (text: string) =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).filter((name) => name !== "count").toSorted();

test("both languages have the same places to fill in", () => {
  for (const [key, text] of english) if (french.has(key)) expect(places(french.get(key) ?? ""), key).toEqual(places(text));
});

test("every text is used", () => {
  const { keys, beginnings } = used();
  const isUsed = (key: string) => keys.has(key) || [...beginnings].some((beginning) => key.startsWith(beginning));
  expect([...base(english.keys())].filter((key) => !isUsed(key))).toEqual([]);
});

test("every text that is named is there", () => {
  const there = base(english.keys());
  const areas = new Set(Object.keys(en));
  const named = [...used().keys].filter((key) => areas.has(key.split(".")[0] ?? ""));
  const groups = new Set([...there].flatMap((key) => key.split(".").map((_, at, parts) => parts.slice(0, at).join("."))));
  expect(named.filter((key) => !there.has(key) && !groups.has(key))).toEqual([]);
});

test.each([...used().beginnings])("texts that are made from %s are there in a number", (beginning) => {
  const area = beginning.split(".")[0] ?? "";
  if (area in en) expect([...english.keys()].filter((key) => key.startsWith(beginning)).length).toBeGreaterThan(1);
});

/** Words that the two languages share, and those that stand in their own language everywhere. */
const SAME_IN_BOTH = [
  "action.title", "action.which", "actor.collector", "admin.title", "admin.maintenance", "changes.table", "column.arguments", "column.description", "column.interface", "column.parent", "column.unit",
  "processState.zombie", "device.action", "device.tab.agent",
  "devices.column.agent", "devices.group.site", "devices.fact.distribution", "documents.description", "documents.macros.title", "facts.tables", "keys.ofTicket", "language.en",
  "limit.what.zombies", "machine.title", "marks.otherTicket", "matrix.impact", "liveMetrics.pause", "palette.language.en", "palette.language.fr", "palette.ticket",
  "problem.field.minutes", "problem.field.sites", "problem.field.incident", "problem.field.macro", "queue.by.site", "queue.count_one",
  "queue.count_other", "shell.navigation", "shell.tickets", "sites.title", "spoken.note", "table.interfaces", "ticket.macros",
  "ticket.named", "tokens.uses", "webhooks.secret", "webhooks.about", "work.column.ticket", "escalation.minutes",
];

test("no English text stands in the French catalogue", () => {
  const same = [...english].filter(([key, text]) => french.get(key) === text && /[a-z]{4}/.test(text.replace(/\{\{\w+\}\}/g, "")));
  expect(same.map(([key]) => key)).toEqual(SAME_IN_BOTH);
});
