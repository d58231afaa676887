//! Which colour and dash a line has: by its series' name, so that it keeps them wherever it is drawn. Pure but for what was
//! given before.

import { SERIES } from "../../../theme";

/** Its colour is its place among {@link SERIES}; with each round through these the strokes are broken otherwise. */
export interface Stroke {
  colour: number;
  round: number;
}

/** Ways in which strokes are broken; then they come again. */
export const ROUNDS = 3;

type Given = Map<string, Stroke>;

/** Charts whose strokes are known at a time. */
const MOST_CHARTS = 200;
/** Series of one chart whose strokes are known. */
const MOST_SERIES = 1_000;

/** For series that are shown together, no two alike. One that had a stroke keeps it. */
export function strokesOf(keys: readonly string[], before: ReadonlyMap<string, Stroke>): Given {
  const given: Given = new Map();
  const taken = new Set<string>();
  const give = (key: string, stroke: Stroke) => {
    const mark = JSON.stringify([stroke.colour, stroke.round]);
    if (taken.has(mark)) return false;
    taken.add(mark);
    given.set(key, stroke);
    return true;
  };
  const sorted = [...new Set(keys)].toSorted();
  const fresh = sorted.filter((key) => {
    const had = before.get(key);
    return !had || !give(key, had);
  });
  for (const key of fresh) {
    const first = hash(key) % SERIES.length;
    for (let n = 0; !give(key, { colour: (first + n) % SERIES.length, round: Math.floor(n / SERIES.length) }); n++);
  }
  return given;
}

/** A text always gives the same number (FNV-1a). */
function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (const letter of text) sum = Math.imul(sum ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return sum;
}

const known = new Map<string, Given>();

/** Those of the lines of a chart, whose key is the same whether it is stored, live or frozen. */
export function strokes(chart: string, keys: readonly string[]): ReadonlyMap<string, Stroke> {
  const before = known.get(chart) ?? new Map();
  const given = strokesOf(keys, before);
  const isFull = before.size + given.size > MOST_SERIES;
  known.delete(chart);
  known.set(chart, new Map(isFull ? given : [...before, ...given]));
  const [oldest] = known.keys();
  if (known.size > MOST_CHARTS && oldest !== undefined) known.delete(oldest);
  return given;
}
