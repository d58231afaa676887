//! Columns of a table: what each is called, what it shows, how wide it is.

import type { TFunction } from "i18next";
import type { ReactNode } from "react";
import { cellWords, columnTitle } from "./columnWords";
import { isNumber, type FactColumn, type FactRow } from "./values";

export interface Column<Row> {
  name: string;
  title: string;
  /** To the right, as numbers are. */
  isNumber?: boolean;
  /** Of the machine's language, not of the reader's. */
  isForeign?: boolean;
  text: (row: Row) => string;
  /** Instead of the text. */
  show?: (row: Row) => ReactNode;
  /** What it is ordered by; none: it is not. */
  order?: (row: Row) => unknown;
  /** Characters; none: as its texts need. */
  width?: number;
}

/** Rows whose texts say how wide a column is. */
const MEASURED = 200;
const NARROWEST = 5;
const WIDEST = 44;
/** What stands beside the text, characters. */
const ROOM = 3;
/** Before the first column and after the last. */
const EDGES = "2.25rem";

export function factColumns(t: TFunction, columns: readonly FactColumn[]): Column<FactRow>[] {
  return columns.map((column) => {
    const known = columnTitle(t, column.name);
    return {
      name: column.name,
      title: known ?? column.name.replace(/_(bytes|percent|seconds|us)$/, "").replaceAll("_", " "),
      isForeign: known === undefined,
      isNumber: isNumber(column),
      text: (row) => cellWords(t, column, row[column.name]),
      order: (row) => row[column.name],
    };
  });
}

export interface Tracks {
  gridTemplateColumns: string;
  /** Of a row that is not to be squeezed. */
  minWidth: string;
}

/** The columns' tracks: the same for the headings and for each row. */
export function tracks<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Tracks {
  const measured = rows.slice(0, MEASURED);
  const widths = columns.map((column) => {
    if (column.width !== undefined) return column.width;
    const longest = measured.reduce((most, row) => Math.max(most, column.text(row).length), column.title.length);
    return Math.min(WIDEST, Math.max(NARROWEST, longest)) + ROOM;
  });
  const whole = widths.reduce((sum, width) => sum + width, 0);
  return {
    gridTemplateColumns: widths.map((width) => `minmax(${width}ch, ${width}fr)`).join(" "),
    minWidth: `calc(${whole}ch + ${EDGES})`,
  };
}
