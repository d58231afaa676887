import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { meQuery } from "../../api/session";
import type { Ticket, TicketPage } from "../../api/tickets";
import { useKeys } from "../../parts/keys";
import { ROW_HEIGHT } from "../../theme";
import { useClaim } from "../ticket/claim";
import { useCheck } from "./check";
import { Row } from "./Row";
import style from "./Rows.module.css";

/** Rows above and below those that are seen. */
const BEYOND = 8;

interface Props {
  list: UseInfiniteQueryResult<InfiniteData<TicketPage>>;
  tickets: Ticket[];
  focusSearch: () => void;
}

/** Only the rows that are seen, and some beyond, are in the document. */
export function Rows({ list, tickets, focusSearch }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const claim = useClaim();
  const check = useCheck();
  const { data: me } = useSuspenseQuery(meQuery);
  const pane = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState<number>();
  const virtual = useVirtualizer({
    count: tickets.length,
    getScrollElement: () => pane.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: BEYOND,
    useFlushSync: false,
  });
  const items = virtual.getVirtualItems();
  const end = items.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  useEffect(() => {
    if (end >= tickets.length - BEYOND && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [end, tickets.length, hasNextPage, isFetchingNextPage, fetchNextPage]);
  const at = tickets.findIndex((ticket) => ticket.number === chosen);
  const go = (to: number) => {
    const next = Math.max(0, Math.min(tickets.length - 1, to));
    setChosen(tickets[next]?.number);
    virtual.scrollToIndex(next);
  };
  const withChosen = (run: (ticket: Ticket) => void) => () => {
    const ticket = tickets[Math.max(0, at)];
    if (ticket) run(ticket);
  };
  const open = (ticket: Ticket, hash?: string) =>
    void navigate({ to: "/tickets/$number", params: { number: ticket.number }, ...(hash && { hash }) });
  useKeys(t("keys.ofQueue"), [
    { key: "j", says: t("keys.next"), run: () => go(at + 1) },
    { key: "k", says: t("keys.previous"), run: () => go(at < 0 ? 0 : at - 1) },
    { key: "Enter", says: t("keys.open"), run: withChosen((ticket) => open(ticket)) },
    { key: "c", says: t("keys.claim"), run: withChosen((ticket) => claim(ticket, me.name)) },
    { key: "r", says: t("keys.reply"), run: withChosen((ticket) => open(ticket, "reply")) },
    { key: "v", says: t("keys.check"), run: withChosen(check) },
    { key: "/", says: t("keys.search"), run: focusSearch },
  ]);
  return (
    <div className={style["table"]} role="table" aria-label={t("queue.title")} aria-rowcount={hasNextPage ? -1 : tickets.length + 1}>
      <div role="rowgroup">
        <div role="row" aria-rowindex={1} className={style["headings"]}>
          {(["priority", "ticket", "title", "state", "due", "tier", "assignee", "requester", "device"] as const).map((name) => (
            <span key={name} role="columnheader" data-column={name}>
              <span className={name === "priority" ? "visually-hidden" : undefined}>{t(`queue.column.${name}`)}</span>
            </span>
          ))}
        </div>
      </div>
      {/* Scrolled by keys as well. */}
      <div ref={pane} className={style["pane"]} role="rowgroup" tabIndex={0} aria-label={t("queue.title")}>
        <div className={style["whole"]} role="presentation" style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const ticket = tickets[index];
            return (
              ticket && (
                <Row
                  key={ticket.number}
                  ticket={ticket}
                  index={index + 2}
                  top={start}
                  isChosen={ticket.number === chosen}
                  choose={setChosen}
                />
              )
            );
          })}
        </div>
      </div>
    </div>
  );
}
