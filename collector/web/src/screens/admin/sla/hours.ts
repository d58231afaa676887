//! A calendar in fields. Pure.

import type { Schemas } from "../../../api/client";

export const WEEK = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
/** The document leaves open which days are holidays. */
export type Hours = Omit<Schemas["Hours"], "holidays"> & { holidays: Record<string, string> };

/** "09:00-12:30, 13:30-18:00": as people write a day's spans. */
export function spansOf(text: string): string[] {
  const written = text.replaceAll(/\s*[-–]\s*/g, "-");
  return written.split(/[,;\s]+/).filter((span) => span !== "");
}

export const spansText = (spans: readonly string[]): string => spans.join(", ");

/** The earliest first. */
export function holidaysOf(holidays: Record<string, string>): [date: string, name: string][] {
  return Object.entries(holidays).toSorted(([a], [b]) => a.localeCompare(b));
}

export function withoutHoliday(holidays: Record<string, string>, date: string): Record<string, string> {
  return Object.fromEntries(Object.entries(holidays).filter(([one]) => one !== date));
}
