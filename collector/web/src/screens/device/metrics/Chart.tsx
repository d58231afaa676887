import { useQueries } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { courseQuery, type Window } from "../../../api/metrics";
import { number } from "../../../locales/format";
import { Failure } from "../../../parts/Failure";
import { Loading } from "../../../parts/Loading";
import page from "../../../parts/page/Page.module.css";
import { quantity } from "../../../parts/table/values";
import { align } from "./align";
import { unitOf, type ChartPlan } from "./charts";
import { Legend } from "./Legend";
import style from "./Metrics.module.css";
import { Plot, type Moment } from "./Plot";

interface Props {
  device: string;
  plan: ChartPlan;
  window: Window;
  moments: readonly Moment[];
  select: (from: number, to: number) => void;
}

/** Lines that belong together, what each is now or where one points, and what they are called. */
export function Chart({ device, plan, window, moments, select }: Props) {
  const { t } = useTranslation();
  const [at, setAt] = useState<number>();
  const courses = useQueries({
    queries: plan.names.map((name) => courseQuery(device, name, plan.isWhole ? "" : undefined, window)),
    combine: (results) => ({
      items: results.map(({ data }) => data?.items),
      failure: results.find(({ error }) => error)?.error,
      isPending: results.some(({ isPending }) => isPending),
      again: () => results.forEach((result) => void result.refetch()),
    }),
  });
  const known = JSON.stringify(courses.items.map((items) => items?.map(({ points }) => [points.length, points[0]?.at, points.at(-1)?.at])));
  // What was read is the same as long as its ends are.
  // oxlint-disable-next-line react/exhaustive-deps
  const data = useMemo(() => align(courses.items.flatMap((items) => items ?? []), plan.isRate), [known, plan.isRate]);
  const point = useCallback((index: number | undefined) => setAt(index), []);
  const unit = unitOf(plan);
  const write = (value: number) => {
    const text = unit === "" ? number(value, 2) : quantity(value, unit);
    return plan.isRate && unit !== "" ? t("metrics.perSecond", { value: text }) : text;
  };
  const title = plan.known ? t(`metrics.chart.${plan.known}`) : plan.key;
  const says = [title, ...data.lines.map(({ label, values }) => `${label}: ${told(values, undefined, write) ?? t("metrics.nothing")}`)].join("; ");
  return (
    <section className={page["card"]}>
      <h2 lang={plan.known ? undefined : "en"}>{title}</h2>
      {courses.failure && <Failure failure={courses.failure} again={courses.again} isSmall />}
      {courses.isPending && <Loading lines={3} />}
      {!courses.isPending && data.times.length === 0 && <p className={style["nothing"]}>{t("metrics.nothing")}</p>}
      {data.times.length > 0 && (
        <>
          <Plot data={data} from={window.from} to={window.to} moments={moments} write={write} unit={unit} says={says} select={select} point={point} />
          <Legend lines={data.lines} write={(values) => told(values, at, write)} />
        </>
      )}
    </section>
  );
}

/** At a place, else the last that there is. */
function told(values: readonly (number | null)[], at: number | undefined, write: (value: number) => string): string | undefined {
  const value = at === undefined ? values.findLast((one) => one !== null) : values[at];
  return value === null || value === undefined ? undefined : write(value);
}
