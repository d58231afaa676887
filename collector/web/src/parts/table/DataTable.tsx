import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState } from "react";
import { TABLE_ROW_HEIGHT } from "../../theme";
import { tracks, type Column } from "./columns";
import style from "./DataTable.module.css";
import { Headings, type Order } from "./Headings";
import { step } from "./step";
import { compare } from "./values";

/** Rows above and below those that are seen. */
const BEYOND = 8;

interface Props<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row, at: number) => string;
  open?: ((row: Row) => void) | undefined;
  /** The end of what there is was seen. */
  onEnd?: (() => void) | undefined;
  /** There are more rows than these. */
  isPart?: boolean;
  /** It is as high as its rows, up to a limit. */
  isFit?: boolean;
  /** How it is ordered until somebody orders it. */
  first?: Order | undefined;
  /** The collector orders them: how they are, and how they are to be. */
  ordered?: { by: Order | undefined; set: (order: Order) => void };
}

/** Any number of rows, of which only those that are seen, and some beyond, are in the document. */
export function DataTable<Row>({ label, columns, rows, keyOf, open, onEnd, isPart = false, isFit = false, first, ordered: ask }: Props<Row>) {
  const pane = useRef<HTMLDivElement>(null);
  const [own, setOwn] = useState(first);
  const [order, setOrder] = ask ? [ask.by, ask.set] : [own, setOwn];
  const grid = useMemo(() => tracks(columns, rows), [columns, rows]);
  const ordered = useMemo(() => (ask ? rows : arrange(rows, columns, own)), [rows, columns, own, ask]);
  const virtual = useVirtualizer({
    count: ordered.length,
    getScrollElement: () => pane.current,
    estimateSize: () => TABLE_ROW_HEIGHT,
    overscan: BEYOND,
    useFlushSync: false,
  });
  const items = virtual.getVirtualItems();
  const end = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (end >= rows.length - BEYOND) onEnd?.();
  }, [end, rows.length, onEnd]);
  return (
    <div className={style["table"]} data-fit={isFit || undefined}>
      {/* Scrolled by keys as well. */}
      <div
        ref={pane}
        className={style["pane"]}
        role="grid"
        aria-label={label}
        aria-rowcount={isPart ? -1 : rows.length + 1}
        tabIndex={0}
        onKeyDown={(event) => step(event)}
      >
        <Headings columns={columns} grid={grid} order={order} setOrder={setOrder} />
        <div className={style["whole"]} role="rowgroup" style={{ height: virtual.getTotalSize(), minWidth: grid.minWidth }}>
          {items.map(({ index, start }) => {
            const row = ordered[index];
            if (row === undefined) return null;
            return (
              <div
                key={keyOf(row, index)}
                role="row"
                aria-rowindex={index + 2}
                className={style["row"]}
                data-opens={open ? true : undefined}
                style={{ ...grid, transform: `translateY(${start}px)` }}
                onClick={open && (() => open(row))}
              >
                {columns.map((column, at) => (
                  <Cell key={column.name} column={column} row={row} open={at === 0 ? open : undefined} />
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function arrange<Row>(rows: readonly Row[], columns: readonly Column<Row>[], order: Order | undefined): readonly Row[] {
  const by = columns.find(({ name }) => name === order?.column)?.order;
  if (!by || !order) return rows;
  return rows.toSorted((a, b) => compare(by(a), by(b), order.isDown));
}

interface CellProps<Row> {
  column: Column<Row>;
  row: Row;
  open: ((row: Row) => void) | undefined;
}

function Cell<Row>({ column, row, open }: CellProps<Row>) {
  const text = column.text(row);
  const shown = column.show ? column.show(row) : text;
  return (
    <span role="gridcell" data-number={column.isNumber || undefined} title={column.show ? undefined : text}>
      {open ? (
        <button
          type="button"
          className={style["open"]}
          onClick={(event) => {
            event.stopPropagation();
            open(row);
          }}
        >
          {shown}
        </button>
      ) : (
        shown
      )}
    </span>
  );
}
