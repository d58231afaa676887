import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { personQuery, personTicketsQuery } from "../../api/people";
import type { State } from "../../api/tickets";
import { Failure } from "../../parts/Failure";
import { Icon } from "../../parts/Icon";
import { Loading } from "../../parts/Loading";
import { Page } from "../../parts/page/Page";
import page from "../../parts/page/Page.module.css";
import { Panel } from "../../parts/Panel";
import { StateMark } from "../../parts/StateMark";
import { TimeAgo } from "../../parts/TimeAgo";
import { useTitle } from "../../parts/title";
import style from "../device/overview/Overview.module.css";
import { Farewell } from "./Farewell";
import { PersonDevices } from "./PersonDevices";
import { PersonForm } from "./PersonForm";

/** Somebody: how they are reached, their devices, what they wait for. */
export function PersonScreen() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/inside/people/$id" });
  const person = useQuery(personQuery(id));
  const found = useQuery(personTicketsQuery(id));
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(false);
  useTitle(person.data?.name ?? t("people.title"));
  if (person.isError && !person.data) return <Failure isPage failure={person.error} again={() => void person.refetch()} />;
  if (!person.data) return <Loading lines={8} />;
  const { data } = person;
  const tickets = found.data?.items ?? [];
  const pairs: [string, string][] = [
    [t("person.phone"), data.phones.join(", ")],
    [t("person.mail"), data.mails.join(", ")],
    [t("people.group"), data.group ?? ""],
    [t("tokens.site"), data.site],
    [t("people.language"), data.language ? t(`language.${data.language}`) : ""],
    [t("person.note"), data.note],
  ];
  return (
    <Page
      scrolls
      label={data.name}
      title={data.name}
      sub={
        <>
          {data.changed_by} <TimeAgo at={data.changed_at} />
        </>
      }
      actions={
        <>
          <Button variant="default" leftSection={<Icon name="phone" />} onClick={() => void navigate({ to: "/call", search: { number: data.name } })}>
            {t("keys.call")}
          </Button>
          <Button leftSection={<Icon name="edit" />} onClick={() => setOpen(true)}>
            {t("admin.change")}
          </Button>
        </>
      }
    >
      <div className={style["columns"]}>
        <div className={style["column"]}>
          <section className={page["card"]}>
            <h2>{t("people.contact")}</h2>
            <dl className={page["pairs"]}>
              {pairs.map(([what, value]) => (
                <div key={what} className={page["pair"]}>
                  <dt>{what}</dt>
                  <dd>{value || "—"}</dd>
                </div>
              ))}
            </dl>
          </section>
          <section className={page["card"]}>
            <h2>{t("people.tickets")}</h2>
            {found.data && tickets.length === 0 && <p className={page["plain"]}>{t("device.noTickets")}</p>}
            <ul className={page["list"]}>
              {tickets.map((ticket) => (
                <li key={ticket.number} className={page["listRow"]}>
                  <StateMark state={ticket.state as State} isQuiet />
                  <Link to="/tickets/$number" params={{ number: ticket.number }}>
                    {ticket.number} {ticket.title}
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        </div>
        <div className={style["column"]}>
          <PersonDevices person={data} />
          <Farewell person={data} />
        </div>
      </div>
      {isOpen && (
        <Panel title={data.name} close={() => setOpen(false)}>
          <PersonForm person={data} done={() => setOpen(false)} />
        </Panel>
      )}
    </Page>
  );
}
