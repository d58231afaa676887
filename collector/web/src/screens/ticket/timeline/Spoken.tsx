import { useTranslation } from "react-i18next";
import type { EventOf } from "../../../api/timeline";
import { moment } from "../../../locales/format";
import { Icon } from "../../../parts/Icon";
import { Initials } from "../../../parts/Initials";
import { TimeAgo } from "../../../parts/TimeAgo";
import style from "./Timeline.module.css";

interface Props {
  event: EventOf<"noted"> | EventOf<"messaged">;
  requester: string | undefined;
}

/** A message between requester and technician, or a note between technicians. */
export function Spoken({ event, requester }: Props) {
  const { t } = useTranslation();
  const kind = event.kind === "noted" ? "note" : event.side;
  const asked = event.kind === "messaged" ? event.asked : undefined;
  const name = kind === "requester" ? (requester ?? event.actor) : event.actor;
  const isRecorded = name !== event.actor && event.actor !== "requester";
  return (
    <li className={style["spoken"]} data-kind={kind}>
      <Initials name={name} />
      <article className={style["bubble"]}>
        <header className={style["by"]}>
          <strong>{name}</strong>
          <span className={style["kind"]}>
            <Icon name={kind === "note" ? "note" : "message"} size={13} /> {t(`spoken.${kind}`)}
            {isRecorded && ` · ${t("spoken.recorded", { name: event.actor })}`}
          </span>
          <TimeAgo at={event.at} />
        </header>
        <p className={style["text"]}>{event.text}</p>
        {asked && <p className={style["meant"]}>{t("event.meantAt", { at: moment(asked.at), login: asked.login })}</p>}
      </article>
    </li>
  );
}
