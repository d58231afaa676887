import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { SERIES } from "../../../theme";
import type { Aligned } from "./align";
import { axisTime } from "./axisTime";
import style from "./Metrics.module.css";
import { ROUNDS, type Stroke } from "./strokes";

export interface Moment {
  /** Milliseconds since 1970. */
  at: number;
  tone: "info" | "warning";
}

interface Props {
  data: Aligned;
  /** Of its lines, by their keys. */
  strokes: ReadonlyMap<string, Stroke>;
  /** Milliseconds since 1970. */
  from: number;
  to: number;
  moments: readonly Moment[];
  write: (value: number) => string;
  unit: string;
  /** What it shows, for who does not see it. */
  says: string;
  select: (from: number, to: number) => void;
  /** The place in the data that is pointed at. */
  point: (at: number | undefined) => void;
  /** Charts of one name have their cursors together. */
  sync?: string;
}

const HEIGHT = 150;
const AXIS_WIDTH = 64;
/** Of each round of colours. */
const DASHES: readonly (number[] | undefined)[] = [undefined, [6, 3], [2, 3]];
/** A selection that is narrower is a click, pixels. */
const NARROWEST = 6;
/** Lines of what happened stay behind those of what was measured. */
const MARK_ALPHA = 0.55;
/** Between two marks of an axis of bytes. */
const BYTE_STEPS = Array.from({ length: 60 }, (_, at) => 2 ** at);

/** Draws lines over time. What moves is drawn into the same picture; other lines make another one. */
export function Plot({ data, strokes, from, to, moments, write, unit, says, select, point, sync = "device" }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme();
  const picture = useRef<uPlot>(undefined);
  const now = useRef({ data, strokes, from, to, moments, select, point, write });
  const labels = data.lines.map(({ key, label }) => `${label} ${JSON.stringify(strokes.get(key))}`).join("\n");
  useEffect(() => {
    now.current = { data, strokes, from, to, moments, select, point, write };
  });
  useEffect(() => {
    const parent = place.current;
    if (!parent) return undefined;
    const token = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const axis: uPlot.Axis = {
      stroke: token("--dim"),
      grid: { stroke: token("--line"), width: 1 },
      ticks: { show: false },
      font: "11px Inter Variable, sans-serif",
    };
    const options: uPlot.Options = {
      width: parent.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      scales: { x: { range: () => [now.current.from / 1_000, now.current.to / 1_000] } },
      cursor: { sync: { key: sync }, drag: { x: true, y: false, setScale: false }, points: { size: 6 } },
      axes: [
        { ...axis, size: 26, values: (_, times) => axisTime(times) },
        { ...axis, size: AXIS_WIDTH, ...(unit === "bytes" && { incrs: BYTE_STEPS }), values: (_, values) => values.map((value) => now.current.write(value)) },
      ],
      series: [
        {},
        ...now.current.data.lines.map(({ key }): uPlot.Series => {
          const { colour, round } = now.current.strokes.get(key) ?? { colour: 0, round: 0 };
          const dash = DASHES[round % ROUNDS];
          return { stroke: token(SERIES[colour] ?? SERIES[0]), width: 1.5, points: { show: false }, ...(dash && { dash }) };
        }),
      ],
      hooks: {
        draw: [(plot) => mark(plot, now.current.moments, token)],
        setCursor: [(plot) => now.current.point(plot.cursor.idx ?? undefined)],
        setSelect: [
          (plot) => {
            const { left, width } = plot.select;
            if (width < NARROWEST) return;
            now.current.select(Math.round(plot.posToVal(left, "x") * 1_000), Math.round(plot.posToVal(left + width, "x") * 1_000));
          },
        ],
      },
    };
    const plot = new uPlot(options, columns(now.current.data), parent);
    picture.current = plot;
    const sizes = new ResizeObserver(() => plot.setSize({ width: parent.clientWidth, height: HEIGHT }));
    sizes.observe(parent);
    return () => {
      sizes.disconnect();
      plot.destroy();
      picture.current = undefined;
    };
  }, [labels, unit, scheme, sync]);
  useEffect(() => {
    picture.current?.setData(columns(data));
  }, [data, from, to, moments]);
  return <div ref={place} className={style["plot"]} role="img" aria-label={says} />;
}

function columns({ times, lines }: Aligned): uPlot.AlignedData {
  return [times, ...lines.map(({ values }) => values)];
}

function mark(plot: uPlot, moments: readonly Moment[], token: (name: string) => string): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.lineWidth = 1;
  ctx.globalAlpha = MARK_ALPHA;
  ctx.setLineDash([3, 3]);
  for (const { at, tone } of moments) {
    const x = Math.round(plot.valToPos(at / 1_000, "x", true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.strokeStyle = token(`--${tone}`);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}
