//! Dates, numbers and durations as the reader's language writes them. Pure but for the language and the zone.

import { language } from "./i18n";

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

const made = new Map<string, unknown>();

function cached<T>(key: string, make: (lang: string) => T): T {
  const lang = language();
  const name = `${lang} ${key}`;
  if (!made.has(name)) made.set(name, make(lang === "en" ? "en-GB" : "fr-FR"));
  return made.get(name) as T;
}

export function number(value: number, digits = 0): string {
  return cached(`number ${digits}`, (lang) => new Intl.NumberFormat(lang, { maximumFractionDigits: digits })).format(value);
}

const BYTE_UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte", "petabyte"] as const;
const KILO = 1_024;

/** With the unit in which it has one to four digits; a unit is 1,024 of the one before. */
export function bytes(value: number): string {
  const at = Math.min(BYTE_UNITS.length - 1, Math.max(0, Math.floor(Math.log(Math.max(1, Math.abs(value))) / Math.log(KILO))));
  const unit = BYTE_UNITS[at] ?? "byte";
  const shown = value / KILO ** at;
  const options: Intl.NumberFormatOptions = { style: "unit", unit, unitDisplay: at === 0 ? "long" : "short", maximumFractionDigits: shown < 10 && at > 0 ? 1 : 0 };
  return cached(`${unit} ${options.maximumFractionDigits}`, (lang) => new Intl.NumberFormat(lang, options)).format(shown);
}

export function percent(share: number): string {
  return cached("percent", (lang) => new Intl.NumberFormat(lang, { style: "percent", maximumFractionDigits: 0 })).format(share);
}

export function time(at: string): string {
  return cached("time", (lang) => new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit" })).format(new Date(at));
}

export function day(at: string): string {
  const options: Intl.DateTimeFormatOptions = { weekday: "long", day: "numeric", month: "long" };
  return cached("day", (lang) => new Intl.DateTimeFormat(lang, options)).format(new Date(at));
}

export function dayShort(at: string): string {
  return cached("dayShort", (lang) => new Intl.DateTimeFormat(lang, { day: "numeric", month: "short" })).format(new Date(at));
}

/** The whole moment, for who wants to know it exactly. */
export function moment(at: string): string {
  const options: Intl.DateTimeFormatOptions = { dateStyle: "medium", timeStyle: "medium" };
  return cached("moment", (lang) => new Intl.DateTimeFormat(lang, options)).format(new Date(at));
}

/** "3 minutes ago", "in 2 hours": the largest unit alone. */
export function ago(at: string, now: number): string {
  const seconds = Math.round((Date.parse(at) - now) / 1_000);
  const [unit, length] = largest(Math.abs(seconds));
  const options: Intl.RelativeTimeFormatOptions = { numeric: "auto", style: "short" };
  return cached("ago", (lang) => new Intl.RelativeTimeFormat(lang, options)).format(Math.round(seconds / length), unit);
}

function largest(seconds: number): ["second" | "minute" | "hour" | "day", number] {
  if (seconds >= DAY) return ["day", DAY];
  if (seconds >= HOUR) return ["hour", HOUR];
  return seconds >= MINUTE ? ["minute", MINUTE] : ["second", 1];
}

/** Two units at most: "2 d 4 h", "1 h 05 min", "12 min", "45 s". */
export function duration(seconds: number): string {
  const s = Math.abs(Math.round(seconds));
  if (s >= DAY) return parts([Math.floor(s / DAY), "day"], [Math.floor((s % DAY) / HOUR), "hour"]);
  if (s >= HOUR) return parts([Math.floor(s / HOUR), "hour"], [Math.floor((s % HOUR) / MINUTE), "minute"]);
  return s >= MINUTE ? parts([Math.floor(s / MINUTE), "minute"]) : parts([s, "second"]);
}

type Part = [number, "day" | "hour" | "minute" | "second"];

function parts(...shown: Part[]): string {
  const said = shown.filter(([n], at) => at === 0 || n > 0).map(([n, unit]) => {
    const options: Intl.NumberFormatOptions = { style: "unit", unit, unitDisplay: language() === "fr" ? "short" : "narrow" };
    return cached(unit, (lang) => new Intl.NumberFormat(lang, options)).format(n);
  });
  return said.join(" ");
}
