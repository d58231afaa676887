//! What columns, parameters and some of their values are called. What is not known here stands as the agent calls it.

import type { TFunction } from "i18next";
import { cell, type FactColumn } from "./values";

const COLUMNS = [
  "active", "address", "arguments", "at", "contains", "cpu_us", "days", "description", "enabled", "exit_status", "force", "gateway", "interface",
  "lines", "load", "mount", "name", "nice", "number", "parent", "pid", "program", "resident_bytes", "restarts", "result", "servers", "severity",
  "since", "sort", "started_at", "state", "sub", "text", "threads", "unit", "until", "user",
] as const;
const PROCESS_STATES = ["blocked", "idle", "running", "sleeping", "stopped", "zombie"] as const;
const CHOICES = ["cpu", "memory", "pid"] as const;

/** In the reader's language; none: it is not known here. Elsewhere a unit is one of the service manager's. */
export function columnTitle(t: TFunction, name: string, table?: string): string | undefined {
  if (name === "unit" && table === "recorded_metrics") return t("column.unitOfValue");
  const known = COLUMNS.find((one) => one === name);
  return known && t(`column.${known}`);
}

/** A value as it is read, a word of the agent's as the reader's where it is known. */
export function cellWords(t: TFunction, column: Pick<FactColumn, "name" | "type" | "unit">, value: unknown): string {
  const state = column.name === "state" ? PROCESS_STATES.find((one) => one === value) : undefined;
  return state ? t(`processState.${state}`) : cell(t, column, value);
}

/** One of the values that a parameter can have. */
export function choiceWord(t: TFunction, choice: string): string {
  const known = CHOICES.find((one) => one === choice);
  return known ? t(`choiceOf.${known}`) : choice;
}
