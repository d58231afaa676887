//! Dates, numbers and durations as the reader's language writes them. Pure but for the language and the zone.

import { language } from "./i18n";

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

/** What formats is dear: it is made once for each language and each way to write. */
function kept<Format, Way = void>(make: (lang: string, way: Way) => Format): (way: Way) => Format {
  const made = new Map<string, Format>();
  return (way) => {
    const lang = language();
    const name = `${lang} ${String(way)}`;
    const format = made.get(name) ?? make(lang === "en" ? "en-GB" : "fr-FR", way);
    made.set(name, format);
    return format;
  };
}

const dates = (options: Intl.DateTimeFormatOptions) => {
  const format = kept((lang) => new Intl.DateTimeFormat(lang, options));
  return (at: string) => format().format(new Date(at));
};

const rounded = kept((lang, digits: number) => new Intl.NumberFormat(lang, { maximumFractionDigits: digits }));

export function number(value: number, digits = 0): string {
  return rounded(digits).format(value);
}

const BYTE_UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte", "petabyte"] as const;
const KILO = 1_024;
const whole = kept((lang, unit: string) => new Intl.NumberFormat(lang, { style: "unit", unit, unitDisplay: unit === "byte" ? "long" : "short", maximumFractionDigits: 0 }));
const tenths = kept((lang, unit: string) => new Intl.NumberFormat(lang, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 1 }));

/** With the unit in which it has one to four digits; a unit is 1,024 of the one before. */
export function bytes(value: number): string {
  const at = Math.min(BYTE_UNITS.length - 1, Math.max(0, Math.floor(Math.log(Math.max(1, Math.abs(value))) / Math.log(KILO))));
  const unit = BYTE_UNITS[at] ?? "byte";
  const shown = value / KILO ** at;
  return (shown < 10 && at > 0 ? tenths : whole)(unit).format(shown);
}

const shares = kept((lang) => new Intl.NumberFormat(lang, { style: "percent", maximumFractionDigits: 0 }));

export function percent(share: number): string {
  return shares().format(share);
}

export const time = dates({ hour: "2-digit", minute: "2-digit" });

export const timeExact = dates({ hour: "2-digit", minute: "2-digit", second: "2-digit" });

export const day = dates({ weekday: "long", day: "numeric", month: "long" });

export const dayShort = dates({ day: "numeric", month: "short" });

/** The whole moment, for who wants to know it exactly. */
export const moment = dates({ dateStyle: "medium", timeStyle: "medium" });

const relative = kept((lang) => new Intl.RelativeTimeFormat(lang, { numeric: "auto", style: "short" }));

/** "3 minutes ago", "in 2 hours": the largest unit alone. */
export function ago(at: string, now: number): string {
  const seconds = Math.round((Date.parse(at) - now) / 1_000);
  const [unit, length] = largest(Math.abs(seconds));
  return relative().format(Math.round(seconds / length), unit);
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

const lengths = kept((lang, unit: Part[1]) => new Intl.NumberFormat(lang, { style: "unit", unit, unitDisplay: lang === "fr-FR" ? "short" : "narrow" }));

function parts(...shown: Part[]): string {
  return shown.filter(([n], at) => at === 0 || n > 0).map(([n, unit]) => lengths(unit).format(n)).join(" ");
}
