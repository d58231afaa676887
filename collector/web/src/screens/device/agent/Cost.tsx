import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { courseQuery, type Course, type Window } from "../../../api/metrics";
import { Loading } from "../../../parts/Loading";
import page from "../../../parts/page/Page.module.css";
import { quantity } from "../../../parts/table/values";

const HOUR_MS = 3_600_000;
const DAY_S = 86_400;

/** What the agent takes of the machine, over the last hour. */
export function Cost({ device }: { device: string }) {
  const { t } = useTranslation();
  const [to] = useState(() => Date.now());
  const window: Window = { from: to - HOUR_MS, to, step: "samples" };
  const cpu = useQuery(courseQuery(device, "agent.cpu_seconds", "", window));
  const memory = useQuery(courseQuery(device, "agent.resident_bytes", "", window));
  if (cpu.isPending || memory.isPending) return <Loading lines={3} />;
  const perDay = rate(cpu.data?.items[0]);
  const resident = memory.data?.items[0]?.points.at(-1)?.value;
  return (
    <section className={page["card"]}>
      <h2>{t("ofAgent.cost")}</h2>
      {resident === undefined && perDay === undefined && <p className={page["plain"]}>{t("ofAgent.noCost")}</p>}
      <dl className={page["pairs"]}>
        {resident !== undefined && <dt>{t("ofAgent.memory")}</dt>}
        {resident !== undefined && <dd>{quantity(resident, "bytes")}</dd>}
        {perDay !== undefined && <dt>{t("ofAgent.cpu")}</dt>}
        {perDay !== undefined && <dd>{t("ofAgent.perDay", { time: quantity(perDay, "s") })}</dd>}
      </dl>
    </section>
  );
}

/** Of a counter, per day. None: there is too little, or it began anew. */
function rate(course: Course | undefined): number | undefined {
  const [first, last] = [course?.points[0], course?.points.at(-1)];
  if (!first || !last) return undefined;
  const seconds = (Date.parse(last.at) - Date.parse(first.at)) / 1_000;
  const grown = last.value - first.value;
  return seconds > 0 && grown >= 0 ? (grown / seconds) * DAY_S : undefined;
}
