import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFollow } from "../../api/follow";
import { ticketQuery } from "../../api/tickets";
import { Failure } from "../../parts/Failure";
import { Loading } from "../../parts/Loading";
import { useTitle } from "../../parts/title";
import { ActionDrawer } from "./action/ActionDrawer";
import type { Wanted } from "./action/wanted";
import { Aside } from "./aside/Aside";
import { Composer } from "./Composer";
import { TicketHead } from "./TicketHead";
import style from "./Ticket.module.css";
import { useTicketOffer } from "./useTicketOffer";
import { Timeline } from "./timeline/Timeline";

/** A ticket: what happened on the left, what is known and can be done on the right. */
export function TicketScreen() {
  const { t } = useTranslation();
  const { number } = useParams({ from: "/inside/tickets/$number" });
  const ticket = useQuery(ticketQuery(number));
  const [wanted, setWanted] = useState<Wanted>();
  useFollow(`tickets/${number}`);
  useTicketOffer(ticket.data, undefined, setWanted);
  useTitle(ticket.data ? `${number} ${ticket.data.title}` : t("ticket.named", { number }));
  if (ticket.isError && !ticket.data) return <Failure isPage failure={ticket.error} again={() => void ticket.refetch()} />;
  if (!ticket.data) return <Loading lines={8} />;
  return (
    <div className={style["ticket"]}>
      <TicketHead key={number} ticket={ticket.data} />
      <div className={style["columns"]}>
        <div className={style["left"]}>
          <Timeline number={number} requester={ticket.data.requester ?? undefined} want={setWanted} />
          <Composer key={number} ticket={ticket.data} />
        </div>
        <Aside ticket={ticket.data} want={setWanted} />
      </div>
      {wanted && <ActionDrawer key={JSON.stringify(wanted)} ticket={ticket.data} wanted={wanted} close={() => setWanted(undefined)} />}
    </div>
  );
}
