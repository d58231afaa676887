import { Button, NativeSelect } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { eventsQuery } from "../../../api/devices";
import { jobQuery, jobsQuery, type Job } from "../../../api/jobs";
import { seriesQuery } from "../../../api/metrics";
import { timelineQuery } from "../../../api/tickets";
import { moment } from "../../../locales/format";
import { Icon } from "../../../parts/Icon";
import { Loading } from "../../../parts/Loading";
import page from "../../../parts/page/Page.module.css";
import { align } from "../../device/metrics/align";
import { plans, type ChartPlan } from "../../device/metrics/charts";
import { Drawn } from "../../device/metrics/Drawn";
import { happened, type Happened } from "../../device/metrics/happened";
import { Strip } from "../../device/metrics/Strip";
import { Rows } from "../action/Rows";
import style from "./Frozen.module.css";
import { beside, recording, turned, within, type Recording } from "./recording";

interface Props {
  job: Job;
  ticket: number;
}

/** A frozen window of the flight recorder: its lines, what happened meanwhile, and each value for who wants it. */
export function Frozen({ job, ticket }: Props) {
  const { t } = useTranslation();
  const series = useQuery(seriesQuery(job.device));
  const known = useMemo(() => series.data && recording(job, series.data.items), [job, series.data]);
  if (!job.table) return null;
  if (series.isPending) return <Loading lines={6} />;
  // Without its series nobody knows which of them count.
  if (!known) return <Rows table={job.table} />;
  return (
    <>
      {job.table.missing_rows > 0 && <p>{t("frozen.incomplete", { count: job.table.missing_rows })}</p>}
      <Charts job={job} ticket={ticket} known={known} />
      <details>
        <summary>{t("frozen.values")}</summary>
        <Rows table={job.table} />
      </details>
    </>
  );
}

interface ChartsProps extends Props {
  known: Recording;
}

function Charts({ job, ticket, known }: ChartsProps) {
  const { t } = useTranslation();
  const [extra, setExtra] = useState("");
  const [part, setPart] = useState<{ from: number; to: number }>();
  const moments = useMoments(job, ticket);
  const names = [...new Set(known.series.map(({ name }) => name))].toSorted();
  const { from, to } = part ?? known;
  return (
    // What is pointed at is not read aloud with the job.
    <section className={style["frozen"]} aria-label={t("metrics.range")} aria-live="off">
      <div className={style["bar"]}>
        <p role="status">
          {moment(new Date(from).toISOString())} – {moment(new Date(to).toISOString())}
        </p>
        {part && (
          <Button variant="default" leftSection={<Icon name="back" />} onClick={() => setPart(undefined)}>
            {t("metrics.wholeRange")}
          </Button>
        )}
        <NativeSelect
          size="xs"
          aria-label={t("metrics.more")}
          value={extra}
          onChange={(event) => setExtra(event.currentTarget.value)}
          data={[{ value: "", label: t("metrics.more") }, ...names]}
        />
      </div>
      <Strip happened={moments} window={{ from, to }} />
      {plans(known.series, extra || undefined).map((plan) => (
        <FrozenChart key={plan.key} plan={plan} known={known} from={from} to={to} moments={moments} select={(a, b) => setPart({ from: a, to: b })} />
      ))}
    </section>
  );
}

/** What turned on the device by its own record, what befell its agent, and what was done for tickets. */
function useMoments(job: Job, ticket: number): Happened[] {
  const { t } = useTranslation();
  const events = useQuery(eventsQuery(job.device)).data;
  const jobs = useInfiniteQuery(jobsQuery(job.device)).data;
  const timeline = useQuery(timelineQuery(ticket)).data;
  const other = timeline && beside(timeline, job);
  const record = useQuery({ ...jobQuery(other ?? ""), enabled: other !== undefined }).data;
  return useMemo(() => {
    const told = happened(t, events?.items ?? [], jobs?.pages.flatMap(({ items }) => items) ?? []);
    return [...told, ...turned(record?.table)].toSorted((a, b) => a.at - b.at);
  }, [t, events, jobs, record]);
}

interface ChartProps {
  plan: ChartPlan;
  known: Recording;
  from: number;
  to: number;
  moments: readonly Happened[];
  select: (from: number, to: number) => void;
}

function FrozenChart({ plan, known, from, to, moments, select }: ChartProps) {
  const { t } = useTranslation();
  const data = useMemo(() => {
    const mine = plan.names.flatMap((name) => known.courses.filter((one) => one.name === name && (!plan.isWhole || one.labels === "")));
    return align(within(mine, from, to), plan.isRate);
    // The plan is made anew each time, and is the same as long as its key is.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [plan.key, known, from, to]);
  if (data.times.length === 0) return null;
  return (
    <section className={page["card"]}>
      <h3 lang={plan.known ? undefined : "en"}>{plan.known ? t(`metrics.chart.${plan.known}`) : plan.key}</h3>
      <Drawn plan={plan} data={data} from={from} to={to} moments={moments} select={select} sync="frozen" isOver />
    </section>
  );
}
