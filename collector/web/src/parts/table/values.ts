//! A value of a fact, a metric or an answer as it is read: by its type and unit. Pure but for the words.

import type { TFunction } from "i18next";
import type { Schemas } from "../../api/client";
import { bytes, duration, moment, number } from "../../locales/format";

export type FactColumn = Schemas["ColumnView"];
export type FactRow = Record<string, unknown>;

const GIGA = 1e9;
const MEGA = 1e6;

export function isNumber(column: Pick<FactColumn, "type" | "unit">): boolean {
  return column.type === "real" || (column.type === "integer" && column.unit !== "");
}

/** A number with its unit. Without one it may be an identity: it is written as it is. */
export function quantity(value: number, unit: string): string {
  if (unit === "bytes") return bytes(value);
  if (unit === "%") return `${number(value, 1)} %`;
  if (unit === "s") return value < 1 ? `${number(value, 3)} s` : duration(value);
  if (unit === "µs") return value < GIGA / 1e3 ? `${number(value / MEGA, 2)} s` : duration(value / MEGA);
  if (unit === "Hz" && value >= MEGA) return value >= GIGA ? `${number(value / GIGA, 2)} GHz` : `${number(value / MEGA)} MHz`;
  if (unit === "") return Number.isInteger(value) ? String(value) : number(value, 2);
  return `${number(value, 2)} ${unit}`;
}

export function cell(t: TFunction, column: Pick<FactColumn, "type" | "unit">, value: unknown): string {
  if (value === null || value === undefined || value === "") return "";
  if (typeof value === "boolean") return t(value ? "value.yes" : "value.no");
  if (typeof value === "number") return quantity(value, column.unit);
  if (column.type === "time" && typeof value === "string" && !Number.isNaN(Date.parse(value))) return moment(value);
  return typeof value === "object" ? JSON.stringify(value) : String(value as string | bigint);
}

/** Whether any of its values, as they are read, has the words. */
export function hasWords(t: TFunction, columns: readonly FactColumn[], row: FactRow, words: string): boolean {
  const wanted = words.trim().toLowerCase();
  return wanted === "" || columns.some((column) => cell(t, column, row[column.name]).toLowerCase().includes(wanted));
}

/** What orders two values of a column: numbers by size, all else by its text; what is not there comes last, up or down. */
export function compare(a: unknown, b: unknown, isDown = false): number {
  const [hasA, hasB] = [a !== null && a !== undefined, b !== null && b !== undefined];
  if (!hasA || !hasB) return Number(hasB) - Number(hasA);
  const sign = isDown ? -1 : 1;
  if (typeof a === "number" && typeof b === "number") return sign * (a - b);
  return sign * String(a as string).localeCompare(String(b as string), undefined, { numeric: true });
}
