import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { callersQuery } from "../../../api/callers";
import type { State, Ticket } from "../../../api/tickets";
import { moment } from "../../../locales/format";
import { Initials } from "../../../parts/Initials";
import { StateMark } from "../../../parts/StateMark";
import style from "./Aside.module.css";
import { NameRequester } from "./NameRequester";
import { PageAddress } from "./PageAddress";

const MOST_OTHERS = 4;

/** Who asks for help, how they are reached, and what else they wait for. */
export function Requester({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  const name = ticket.requester ?? "";
  const found = useQuery({ ...callersQuery(name), enabled: name.length > 1 });
  const caller = found.data?.items.find(({ person }) => (ticket.person ? person?.id === ticket.person : person?.name === name));
  const person = caller?.person;
  const others = caller?.tickets.filter(({ number }) => number !== ticket.number) ?? [];
  return (
    <section className={style["card"]} aria-label={t("ticket.requester")}>
      <div className={style["cardHead"]}>
        {name && <Initials name={name} />}
        <h2>{name || t("ticket.noRequester")}</h2>
        {ticket.group && <span className={style["share"]}>{ticket.group}</span>}
        {person?.language && <span className={style["share"]}>{t(`language.${person.language}`)}</span>}
      </div>
      {person && (
        <dl className={style["pairs"]}>
          {person.phones.length > 0 && <dt>{t("person.phone")}</dt>}
          {person.phones.length > 0 && (
            <dd>
              {person.phones.map((phone) => (
                <a key={phone} href={`tel:${phone}`} className="num">
                  {phone}
                </a>
              ))}
            </dd>
          )}
          {person.mails.length > 0 && <dt>{t("person.mail")}</dt>}
          {person.mails.length > 0 && <dd>{person.mails.join(", ")}</dd>}
          {person.note && <dt>{t("person.note")}</dt>}
          {person.note && <dd>{person.note}</dd>}
        </dl>
      )}
      {ticket.asked && <p className={style["plain"]}>{t("event.meantAt", { at: moment(ticket.asked.at), login: ticket.asked.login })}</p>}
      {ticket.state !== "closed" && <NameRequester ticket={ticket} />}
      {name && ticket.state !== "closed" && <PageAddress number={ticket.number} />}
      {others.length > 0 && (
        <>
          <h3 className={style["sub"]}>{t("ticket.alsoWaits")}</h3>
          <ul className={style["list"]}>
            {others.slice(0, MOST_OTHERS).map((one) => (
              <li key={one.number} className={style["other"]}>
                <StateMark state={one.state as State} isQuiet />
                <Link to="/tickets/$number" params={{ number: one.number }}>
                  <span className="num">{one.number}</span> {one.title}
                </Link>
              </li>
            ))}
          </ul>
          {others.length > MOST_OTHERS && <p className={style["share"]}>{t("changes.more", { count: others.length - MOST_OTHERS })}</p>}
        </>
      )}
    </section>
  );
}
