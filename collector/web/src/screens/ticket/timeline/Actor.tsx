import { useTranslation } from "react-i18next";
import type { TimelineEvent } from "../../../api/timeline";
import style from "./Timeline.module.css";

/** Who did it: a person, or a device by its name. */
export function Actor({ event }: { event: TimelineEvent }) {
  const { t } = useTranslation();
  const device = event as { device?: string; hostname?: string };
  const isDevice = device.device === event.actor;
  const name = () => {
    if (isDevice) return device.hostname ?? event.actor.slice(0, 8);
    return event.actor === "requester" || event.actor === "collector" ? t(`actor.${event.actor}`) : event.actor;
  };
  return <strong className={style["actor"]}>{name()}</strong>;
}
