import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { LiveSample } from "../../../../api/watch";
import page from "../../../../parts/page/Page.module.css";
import type { ChartPlan } from "../charts";
import { Drawn } from "../Drawn";
import metrics from "../Metrics.module.css";
import type { Moment } from "../Plot";
import { liveLines, livePlans, liveWindow } from "./lines";
import { SHOWN_MS } from "./look";

interface Props {
  samples: readonly LiveSample[];
  moments: readonly Moment[];
  /** Who looks wants less motion. */
  isStill: boolean;
  select: (from: number, to: number) => void;
}

export function LiveCharts({ samples, moments, isStill, select }: Props) {
  const last = samples.at(-1);
  const window = useMemo(() => liveWindow(samples, SHOWN_MS, isStill), [samples, isStill]);
  return (
    <div className={metrics["charts"]}>
      {livePlans(last).map((plan) => (
        <LiveChart key={plan.key} plan={plan} samples={samples} window={window} moments={moments} select={select} />
      ))}
    </div>
  );
}

interface ChartProps extends Omit<Props, "isStill"> {
  plan: ChartPlan;
  window: { from: number; to: number };
}

function LiveChart({ plan, samples, window, moments, select }: ChartProps) {
  const { t } = useTranslation();
  const { key } = plan;
  // The plan is made anew with each sample, and is the same as long as its key is.
  // oxlint-disable-next-line react/exhaustive-deps
  const data = useMemo(() => liveLines(samples, plan), [samples, key]);
  return (
    <section className={page["card"]}>
      <h2>{plan.known ? t(`metrics.chart.${plan.known}`) : key}</h2>
      <Drawn plan={plan} data={data} from={window.from} to={window.to} moments={moments} select={select} sync="live" />
    </section>
  );
}
