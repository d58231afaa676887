import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ticketsQuery } from "../../../api/tickets";
import { Loading } from "../../../parts/Loading";
import page from "../../../parts/page/Page.module.css";
import { StateMark } from "../../../parts/StateMark";

export function OpenTickets({ device }: { device: string }) {
  const { t } = useTranslation();
  const list = useInfiniteQuery(ticketsQuery({ state: "unresolved", device, order: "due" }));
  const tickets = list.data?.pages.flatMap((part) => part.items) ?? [];
  return (
    <section className={page["card"]}>
      <h2>{t("device.openTickets")}</h2>
      {list.isPending && <Loading lines={2} />}
      {list.data && tickets.length === 0 && <p className={page["plain"]}>{t("device.noTickets")}</p>}
      <ul className={page["list"]}>
        {tickets.map((ticket) => (
          <li key={ticket.number} className={page["listRow"]}>
            <StateMark state={ticket.state} isQuiet />
            <Link to="/tickets/$number" params={{ number: ticket.number }}>
              {ticket.number} {ticket.title}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
