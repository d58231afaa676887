import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { number } from "../../../locales/format";
import { quantity } from "../../../parts/table/values";
import type { Aligned } from "./align";
import { unitOf, type ChartPlan } from "./charts";
import { Legend } from "./Legend";
import { Plot, type Moment } from "./Plot";

interface Props {
  plan: ChartPlan;
  data: Aligned;
  from: number;
  to: number;
  moments: readonly Moment[];
  select: (from: number, to: number) => void;
  sync?: string;
}

/** The lines of a chart, and what each is where one points, or now. */
export function Drawn({ plan, data, from, to, moments, select, sync }: Props) {
  const { t } = useTranslation();
  const [at, setAt] = useState<number>();
  const point = useCallback((index: number | undefined) => setAt(index), []);
  const unit = unitOf(plan);
  const write = (value: number) => {
    const text = unit === "" ? number(value, 2) : quantity(value, unit);
    return plan.isRate && unit !== "" ? t("metrics.perSecond", { value: text }) : text;
  };
  const title = plan.known ? t(`metrics.chart.${plan.known}`) : plan.key;
  const says = [title, ...data.lines.map(({ label, values }) => `${label}: ${told(values, undefined, write) ?? t("metrics.nothing")}`)].join("; ");
  const more = sync === undefined ? {} : { sync };
  return (
    <>
      <Plot data={data} from={from} to={to} moments={moments} write={write} unit={unit} says={says} select={select} point={point} {...more} />
      <Legend lines={data.lines} write={(values) => told(values, at, write)} />
    </>
  );
}

/** At a place, else the last that there is. */
function told(values: readonly (number | null)[], at: number | undefined, write: (value: number) => string): string | undefined {
  const value = at === undefined ? values.findLast((one) => one !== null) : values[at];
  return value === null || value === undefined ? undefined : write(value);
}
