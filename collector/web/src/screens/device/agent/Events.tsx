import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { eventsQuery } from "../../../api/devices";
import { moment } from "../../../locales/format";
import { Loading } from "../../../parts/Loading";
import page from "../../../parts/page/Page.module.css";
import { agentEvent } from "./agentEvent";

/** Starts, sleeps and jumps of the clock, the newest first. */
export function Events({ device }: { device: string }) {
  const { t } = useTranslation();
  const events = useQuery(eventsQuery(device));
  return (
    <section className={page["card"]}>
      <h2>{t("ofAgent.events")}</h2>
      {events.isPending && <Loading lines={4} />}
      {events.data?.items.length === 0 && <p className={page["plain"]}>{t("ofAgent.noEvents")}</p>}
      <ol className={page["list"]}>
        {events.data?.items.map((event) => (
          <li key={`${event.at} ${event.kind}`} className={page["listRow"]}>
            <time dateTime={event.at} className={page["plain"]}>
              {moment(event.at)}
            </time>
            <span>{agentEvent(t, event)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
