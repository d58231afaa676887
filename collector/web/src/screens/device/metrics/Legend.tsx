import { SERIES } from "../../../theme";
import type { Line } from "./align";
import style from "./Metrics.module.css";

interface Props {
  lines: readonly Line[];
  /** What a line is where one points, or now. */
  write: (values: Line["values"]) => string | undefined;
  /** However long it is, it does not scroll. */
  isWhole?: boolean;
}

export function Legend({ lines, write, isWhole = false }: Props) {
  return (
    <ul className={style["legend"]} data-whole={isWhole || undefined}>
      {lines.map(({ label, values }, at) => (
        <li key={label} data-series={(at % SERIES.length) + 1} data-round={Math.floor(at / SERIES.length)}>
          <span className={style["stroke"]} />
          <span lang="en">{label}</span>
          <span className={style["value"]}>{write(values) ?? "—"}</span>
        </li>
      ))}
    </ul>
  );
}
