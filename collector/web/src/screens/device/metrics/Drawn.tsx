import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { number } from "../../../locales/format";
import { quantity } from "../../../parts/table/values";
import { summed, type Aligned, type Line } from "./align";
import { unitOf, type ChartPlan } from "./charts";
import { Legend } from "./Legend";
import { Plot, type Moment } from "./Plot";
import { strokes } from "./strokes";

interface Props {
  plan: ChartPlan;
  data: Aligned;
  from: number;
  to: number;
  moments: readonly Moment[];
  select: (from: number, to: number) => void;
  sync?: string;
  /** It is over: where nobody points, a line is what it was at its peak and in the mean. */
  isOver?: boolean;
}

/** The lines of a chart, and what each is where one points, or now. */
export function Drawn({ plan, data, from, to, moments, select, sync, isOver = false }: Props) {
  const { t } = useTranslation();
  const [at, setAt] = useState<number>();
  const point = useCallback((index: number | undefined) => setAt(index), []);
  const unit = unitOf(plan);
  const write = (value: number) => {
    const text = unit === "" ? number(value, 2) : quantity(value, unit);
    return plan.isRate && unit !== "" ? t("metrics.perSecond", { value: text }) : text;
  };
  const whole = (values: Line["values"]) => {
    const sums = isOver ? summed(values) : undefined;
    return sums ? t("metrics.sums", { peak: write(sums.peak), mean: write(sums.mean) }) : told(values, undefined, write);
  };
  const title = plan.known ? t(`metrics.chart.${plan.known}`) : plan.key;
  const says = [title, ...data.lines.map(({ label, values }) => `${label}: ${whole(values) ?? t("metrics.nothing")}`)].join("; ");
  // Live, the lines are made anew each second, and are the same as long as their keys are.
  const asOne = JSON.stringify(data.lines.map(({ key }) => key));
  const shown = useMemo(() => strokes(plan.key, JSON.parse(asOne) as string[]), [plan.key, asOne]);
  const more = sync === undefined ? {} : { sync };
  return (
    <>
      <Plot data={data} strokes={shown} from={from} to={to} moments={moments} write={write} unit={unit} says={says} select={select} point={point} {...more} />
      <Legend lines={data.lines} strokes={shown} write={(values) => (at === undefined ? whole(values) : told(values, at, write))} isWhole={isOver} />
    </>
  );
}

/** At a place, else the last that there is. */
function told(values: readonly (number | null)[], at: number | undefined, write: (value: number) => string): string | undefined {
  const value = at === undefined ? values.findLast((one) => one !== null) : values[at];
  return value === null || value === undefined ? undefined : write(value);
}
