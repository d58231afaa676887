//! What a check's limits are called: what is measured, and from where on it counts.

import type { TFunction } from "i18next";

const MEASURED = [
  "age", "answer", "available", "corrected", "crashes", "days_left", "errors", "free", "health", "left", "loss", "media", "offset", "pending",
  "per_cpu", "reallocated", "restarts", "security", "share", "stalled", "stuck", "swapped", "uncorrectable", "used", "zombies",
] as const;
const GRADES = ["warning", "critical", "least", "enough"] as const;

/** Of `free_critical` both parts in the reader's words; none: they are not known here. */
export function limitWords(t: TFunction, name: string): string | undefined {
  const grade = GRADES.find((one) => name.endsWith(`_${one}`));
  const what = grade && MEASURED.find((one) => `${one}_${grade}` === name);
  return what && grade && t("limit.both", { what: t(`limit.what.${what}`), grade: t(`limit.grade.${grade}`) });
}

export function unitWord(t: TFunction, unit: string): string {
  return unit === "bytes" ? t("limit.bytes") : unit;
}
