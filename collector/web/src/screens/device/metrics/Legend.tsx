import type { Line } from "./align";
import style from "./Metrics.module.css";
import { ROUNDS, type Stroke } from "./strokes";

interface Props {
  lines: readonly Line[];
  /** Of the lines, by their keys. */
  strokes: ReadonlyMap<string, Stroke>;
  /** What a line is where one points, or now. */
  write: (values: Line["values"]) => string | undefined;
  /** However long it is, it does not scroll. */
  isWhole?: boolean;
}

export function Legend({ lines, strokes, write, isWhole = false }: Props) {
  return (
    <ul className={style["legend"]} data-whole={isWhole || undefined}>
      {lines.map(({ key, label, values }) => (
        <li key={key} data-series={(strokes.get(key)?.colour ?? 0) + 1} data-round={(strokes.get(key)?.round ?? 0) % ROUNDS}>
          <span className={style["stroke"]} />
          <span lang="en">{label}</span>
          <span className={style["value"]}>{write(values) ?? "—"}</span>
        </li>
      ))}
    </ul>
  );
}
