import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Caller } from "../../api/callers";
import type { State } from "../../api/tickets";
import { ago } from "../../locales/format";
import { Initials } from "../../parts/Initials";
import { useNow } from "../../parts/now";
import { StateMark } from "../../parts/StateMark";
import { StatusMark } from "../../parts/StatusMark";
import style from "./Call.module.css";

interface Props {
  caller: Caller;
  isChosen: boolean;
  /** Id of the one that the call is about. */
  device: string | undefined;
  choose: (device?: string) => void;
}

export function CallerCard({ caller, isChosen, device, choose }: Props) {
  const { t } = useTranslation();
  const now = useNow();
  const { person } = caller;
  const name = person?.name ?? caller.asset?.name;
  return (
    <li className={style["caller"]} data-chosen={isChosen || undefined}>
      <button type="button" className={style["person"]} aria-pressed={isChosen} onClick={() => choose()}>
        <Initials name={name ?? "?"} />
        <span className={style["name"]}>{name ?? t("call.unknownPerson")}</span>
        <span className={style["by"]}>{t(`call.matched.${caller.matched}`)}</span>
      </button>
      {person && <p className={style["ways"]}>{[...person.phones, ...person.mails, person.group].filter(Boolean).join(" · ")}</p>}
      {caller.devices.length > 0 && (
        <ul className={style["devices"]}>
          {caller.devices.map((one) => (
            <li key={one.id}>
              <button type="button" className={style["device"]} aria-pressed={one.id === device} onClick={() => choose(one.id)}>
                <StatusMark status={one.status} isConnected={one.connected} isQuiet />
                <span>{one.hostname}</span>
                <span className={style["by"]}>
                  {one.connected ? t(`call.tie.${one.tie}`) : t("call.lastSeen", { ago: ago(one.last_seen, now) })}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {caller.tickets.length > 0 && (
        <ul className={style["tickets"]} aria-label={t("call.openTickets")}>
          {caller.tickets.map((ticket) => (
            <li key={ticket.number}>
              <StateMark state={ticket.state as State} />
              <Link to="/tickets/$number" params={{ number: ticket.number }}>
                {ticket.number} {ticket.title}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}
