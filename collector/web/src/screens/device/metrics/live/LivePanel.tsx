import { Button } from "@mantine/core";
import { useReducedMotion } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Device } from "../../../../api/devices";
import { jobQuery } from "../../../../api/jobs";
import type { Ticket } from "../../../../api/tickets";
import { moment } from "../../../../locales/format";
import { Icon } from "../../../../parts/Icon";
import { problemLine } from "../../../../parts/problemText";
import { isEndedLook } from "../../../../parts/jobMarks";
import { say } from "../../../../parts/toasts";
import type { Moment } from "../Plot";
import { Recorder } from "../Recorder";
import { LiveCharts } from "./LiveCharts";
import style from "./Live.module.css";
import { isOpen, type Look } from "./look";
import { useLook } from "./useLook";

interface Props {
  device: Device;
  ticket: Ticket;
  moments: readonly Moment[];
  /** Whether it is looked at now. */
  tellOpen: (isOpen: boolean) => void;
}

/** What moves on the device, each second, while somebody looks. It is an access to the device, so it begins when it is wanted. */
export function LivePanel({ device, ticket, moments, tellOpen }: Props) {
  const { t } = useTranslation();
  const failed = useCallback((failure: unknown) => say(problemLine(t, failure), true), [t]);
  const { look, begin, stop } = useLook(device.id, ticket.number, failed);
  /** What was shown when it was paused. */
  const [paused, setPaused] = useState<Look>();
  const [chosen, setChosen] = useState<{ from: number; to: number }>();
  const why = useQuery({ ...jobQuery(look.over ?? ""), enabled: look.over !== undefined });
  const isStill = useReducedMotion();
  const open = isOpen(look);
  useEffect(() => {
    tellOpen(open);
    return () => tellOpen(false);
  }, [open, tellOpen]);
  const state = paused && open ? "paused" : look.state;
  const shown = paused ?? look;
  const again = () => {
    setPaused(undefined);
    setChosen(undefined);
    begin();
  };
  const select = (from: number, end: number) => {
    // The axis may show what is still to come.
    const to = Math.min(end, shown.samples.at(-1)?.at ?? 0);
    if (to <= from) return;
    setChosen({ from, to });
    setPaused((before) => before ?? look);
  };
  return (
    <section className={style["panel"]} aria-label={t("liveMetrics.title")}>
      <div className={style["bar"]}>
        {!open && (
          <Button leftSection={<Icon name="run" />} disabled={!device.connected} onClick={again}>
            {t(look.state === "ended" ? "liveMetrics.again" : "liveMetrics.begin", { number: ticket.number })}
          </Button>
        )}
        {open && (
          <>
            <Button variant="default" leftSection={<Icon name={paused ? "run" : "pause"} />} onClick={() => setPaused(paused ? undefined : look)}>
              {t(paused ? "liveMetrics.resume" : "liveMetrics.pause")}
            </Button>
            <Button variant="default" leftSection={<Icon name="stop" />} onClick={stop}>
              {t("liveMetrics.stop")}
            </Button>
          </>
        )}
        <p className={style["state"]} role="status" data-state={state}>
          {state !== "idle" && <span className={style["badge"]} aria-hidden />}
          {state === "idle" && !device.connected ? t("liveMetrics.notConnected") : t(`liveMetrics.state.${state}`)}
        </p>
        {look.state === "ended" && why.data?.reason && !isEndedLook(why.data.state, why.data.title) && <p className={style["missed"]}>{why.data.reason}</p>}
        {look.missed > 0 && <p className={style["missed"]}>{t("liveMetrics.missed", { count: look.missed })}</p>}
        {chosen && (
          <>
            <p className={style["chosen"]}>
              {moment(new Date(chosen.from).toISOString())} – {moment(new Date(chosen.to).toISOString())}
            </p>
            <Recorder device={device} ticket={ticket} window={chosen} />
            <Button variant="default" leftSection={<Icon name="close" />} onClick={() => setChosen(undefined)}>
              {t("liveMetrics.unchoose")}
            </Button>
          </>
        )}
      </div>
      {shown.samples.length > 0 && <LiveCharts samples={shown.samples} moments={moments} isStill={isStill} select={select} />}
    </section>
  );
}
