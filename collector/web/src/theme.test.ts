//! Whatever is read has a contrast of 4.5 or more to what it stands on, in both colour schemes.

import { describe, expect, test } from "vitest";
import { tokens } from "./theme";

type Colours = Record<string, string>;

function luminance(colour: string): number {
  const parts = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  const [red = 0, green = 0, blue = 0] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

const TONES = ["ok", "warning", "critical", "unknown", "info", "quiet"];
const GROUNDS = ["--ground", "--panel", "--sunken", "--hover", "--selected"];

describe.each(["light", "dark"] as const)("in the %s scheme", (scheme) => {
  const colours = tokens[scheme] as Colours;
  const of = (name: string) => colours[name] ?? "";

  test.each(TONES)("%s can be read on its ground and on every other", (tone) => {
    const own = of(`--${tone}-ground`);
    for (const ground of [...GROUNDS.map(of), ...(own.startsWith("#") ? [own] : [])]) {
      expect(contrast(of(`--${tone}`), ground), ground).toBeGreaterThanOrEqual(4.5);
    }
  });

  test.each(["--text", "--dim", "--accent"])("%s can be read on every ground", (name) => {
    for (const ground of [...GROUNDS, "--note-ground"].map(of)) expect(contrast(of(name), ground), ground).toBeGreaterThanOrEqual(4.5);
  });
});
