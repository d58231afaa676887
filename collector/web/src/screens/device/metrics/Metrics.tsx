import { ActionIcon, Button, NativeSelect, SegmentedControl, Tooltip } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { eventsQuery } from "../../../api/devices";
import { jobsQuery } from "../../../api/jobs";
import { seriesQuery } from "../../../api/metrics";
import { moment } from "../../../locales/format";
import { Failure } from "../../../parts/Failure";
import { Icon } from "../../../parts/Icon";
import { Loading } from "../../../parts/Loading";
import { Notice } from "../../../parts/Notice";
import page from "../../../parts/page/Page.module.css";
import { RANGES, type Range } from "../search";
import type { TabProps } from "../tab";
import { TicketDialog } from "../TicketDialog";
import { Chart } from "./Chart";
import { plans } from "./charts";
import { happened } from "./happened";
import { LivePanel } from "./live/LivePanel";
import style from "./Metrics.module.css";
import { Recorder } from "./Recorder";
import { Strip } from "./Strip";
import { windowOf } from "./window";

/** The course of what is measured, with what happened meanwhile. A part of the time is chosen by drawing over it. */
export function Metrics({ device, ticket, search, set }: TabProps) {
  const { t } = useTranslation();
  const [now, setNow] = useState(() => Date.now());
  const [isAsking, setAsking] = useState(false);
  const [isLive, setLive] = useState(false);
  const series = useQuery(seriesQuery(device.id));
  const events = useQuery(eventsQuery(device.id));
  const jobs = useInfiniteQuery(jobsQuery(device.id));
  const { range, from, to } = search;
  const window = useMemo(() => windowOf({ ...(range && { range }), ...(from && to && { from, to }) }, now), [range, from, to, now]);
  const marked = useMemo(
    () => happened(t, events.data?.items ?? [], jobs.data?.pages.flatMap((part) => part.items) ?? []),
    [t, events.data, jobs.data],
  );
  if (series.isError && !series.data) return <Failure failure={series.error} again={() => void series.refetch()} />;
  if (!series.data) return <Loading lines={10} />;
  const shown = plans(series.data.items, search.series);
  const names = [...new Set(series.data.items.map(({ name }) => name))].toSorted();
  const again = (next: Range) => {
    setNow(Date.now());
    set({ range: next }, ["from", "to"]);
  };
  if (names.length === 0) {
    return (
      <Notice icon="chart" title={t("metrics.none")}>
        <p>{t("metrics.noneText")}</p>
      </Notice>
    );
  }
  return (
    <>
      <div className={style["bar"]}>
        {!isLive && (
          <>
            <SegmentedControl
              size="xs"
              aria-label={t("metrics.range")}
              value={from ? "" : (range ?? "1h")}
              onChange={(next) => again(next as Range)}
              data={RANGES.map((value) => ({ value, label: t(`metrics.last.${value}`) }))}
            />
            <Tooltip label={t("queue.refresh")}>
              <ActionIcon aria-label={t("queue.refresh")} onClick={() => again(range ?? "1h")}>
                <Icon name="refresh" size={15} />
              </ActionIcon>
            </Tooltip>
            <p className={style["window"]} role="status">
              {moment(new Date(window.from).toISOString())} – {moment(new Date(window.to).toISOString())} · {t(`metrics.step.${window.step}`)}
            </p>
            {from !== undefined && (
              <Button variant="default" leftSection={<Icon name="back" />} onClick={() => again(range ?? "1h")}>
                {t("metrics.wholeRange")}
              </Button>
            )}
            <Recorder device={device} ticket={ticket} window={window} />
          </>
        )}
        {!ticket && (
          <Button variant="default" leftSection={<Icon name="run" />} disabled={!device.connected} onClick={() => setAsking(true)}>
            {t("liveMetrics.forTicket")}
          </Button>
        )}
        <NativeSelect
          size="xs"
          aria-label={t("metrics.more")}
          value={search.series ?? ""}
          onChange={(event) => set({ series: event.currentTarget.value })}
          data={[{ value: "", label: t("metrics.more") }, ...names]}
        />
      </div>
      <div className={page["body"]} data-scrolls role="region" aria-label={t("device.tab.metrics")} tabIndex={0}>
        {ticket && ticket.state !== "closed" && <LivePanel key={ticket.number} device={device} ticket={ticket} moments={marked} tellOpen={setLive} />}
        <Strip happened={marked} window={window} />
        <div className={style["charts"]}>
          {shown.map((plan) => (
            <Chart key={plan.key} device={device.id} plan={plan} window={window} moments={marked} select={(a, b) => set({ from: a, to: b })} />
          ))}
        </div>
      </div>
      {isAsking && <TicketDialog device={device} chosen={(number) => (setAsking(false), set({ ticket: number }))} close={() => setAsking(false)} />}
    </>
  );
}
