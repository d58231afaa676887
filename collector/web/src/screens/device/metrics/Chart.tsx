import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { courseQuery, type Window } from "../../../api/metrics";
import { Failure } from "../../../parts/Failure";
import { Loading } from "../../../parts/Loading";
import page from "../../../parts/page/Page.module.css";
import { align } from "./align";
import type { ChartPlan } from "./charts";
import { Drawn } from "./Drawn";
import style from "./Metrics.module.css";
import type { Moment } from "./Plot";

interface Props {
  device: string;
  plan: ChartPlan;
  window: Window;
  moments: readonly Moment[];
  select: (from: number, to: number) => void;
}

/** Lines that belong together, as they are kept, and what they are called. */
export function Chart({ device, plan, window, moments, select }: Props) {
  const { t } = useTranslation();
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
  const title = plan.known ? t(`metrics.chart.${plan.known}`) : plan.key;
  return (
    <section className={page["card"]}>
      <h2 lang={plan.known ? undefined : "en"}>{title}</h2>
      {courses.failure && <Failure failure={courses.failure} again={courses.again} isSmall />}
      {courses.isPending && <Loading lines={3} />}
      {!courses.isPending && data.times.length === 0 && <p className={style["nothing"]}>{t("metrics.nothing")}</p>}
      {!courses.isPending && data.times.length > 0 && <Drawn plan={plan} data={data} from={window.from} to={window.to} moments={moments} select={select} />}
    </section>
  );
}
