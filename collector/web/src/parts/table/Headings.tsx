import { Icon } from "../Icon";
import type { Column, Tracks } from "./columns";
import style from "./DataTable.module.css";

export interface Order {
  column: string;
  isDown: boolean;
}

interface Props<Row> {
  columns: readonly Column<Row>[];
  grid: Tracks;
  order: Order | undefined;
  setOrder: (order: Order) => void;
}

/** What the columns are called; one that can be ordered by is a button. */
export function Headings<Row>({ columns, grid, order, setOrder }: Props<Row>) {
  return (
    <div role="rowgroup">
      <div role="row" aria-rowindex={1} className={style["headings"]} style={grid}>
        {columns.map(({ name, title, isNumber, isForeign, order: by }) => {
          const isBy = order?.column === name;
          const sorted = order?.isDown ? "descending" : "ascending";
          return (
            <span
              key={name}
              role="columnheader"
              lang={isForeign ? "en" : undefined}
              data-number={isNumber || undefined}
              aria-sort={isBy ? sorted : undefined}
            >
              {by ? (
                <button type="button" className={style["heading"]} onClick={() => setOrder({ column: name, isDown: isBy ? !order.isDown : isNumber === true })}>
                  {title}
                  {isBy && <Icon name={order.isDown ? "down" : "up"} size={12} />}
                </button>
              ) : (
                title
              )}
            </span>
          );
        })}
      </div>
    </div>
  );
}
