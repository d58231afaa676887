import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { Ticket } from "../../api/tickets";
import { DueMark } from "../../parts/DueMark";
import { Icon } from "../../parts/Icon";
import { Initials } from "../../parts/Initials";
import { PriorityMark } from "../../parts/PriorityMark";
import { StateMark } from "../../parts/StateMark";
import { StatusMark } from "../../parts/StatusMark";
import style from "./Rows.module.css";

interface Props {
  ticket: Ticket;
  /** Of the row in the table, from 1. */
  index: number;
  /** Pixels from the beginning of the list. */
  top: number;
  isChosen: boolean;
  choose: (ticket: number) => void;
}

export const Row = memo(function Row({ ticket, index, top, isChosen, choose }: Props) {
  const { t } = useTranslation();
  const [first, ...others] = ticket.devices;
  const [thing] = ticket.assets;
  return (
    <div
      role="row"
      aria-rowindex={index}
      aria-selected={isChosen}
      className={style["row"]}
      style={{ transform: `translateY(${top}px)` }}
      onPointerDown={() => choose(ticket.number)}
    >
      <span role="cell" data-column="priority">
        <PriorityMark priority={ticket.priority} isQuiet />
      </span>
      <span role="cell" data-column="ticket" className="num">
        {ticket.number}
      </span>
      <span role="cell" data-column="title">
        {ticket.incident !== null && <Icon name="incident" size={14} />}
        <Link to="/tickets/$number" params={{ number: ticket.number }} className={style["title"]} onFocus={() => choose(ticket.number)}>
          {ticket.title}
        </Link>
        {ticket.tags.map((tag) => (
          <span key={tag} className={style["tag"]}>
            {tag}
          </span>
        ))}
      </span>
      <span role="cell" data-column="state">
        <StateMark state={ticket.state} waitingFor={ticket.waiting_for} />
      </span>
      <span role="cell" data-column="due">
        <DueMark clocks={ticket.clocks} />
      </span>
      <span role="cell" data-column="tier">
        {t(`tier.${ticket.tier}`)}
      </span>
      <span role="cell" data-column="assignee">
        {ticket.assignee ? (
          <>
            <Initials name={ticket.assignee} /> {ticket.assignee}
          </>
        ) : (
          <span className={style["nobody"]}>{t("queue.nobody")}</span>
        )}
      </span>
      <span role="cell" data-column="requester">
        {ticket.requester}
      </span>
      <span role="cell" data-column="device">
        {first && <StatusMark status={first.status} isConnected={first.connected ?? true} isQuiet size={14} />}
        {first && ` ${first.hostname ?? first.id.slice(0, 8)}`}
        {!first && thing && (
          <>
            <Icon name="asset" size={14} /> {thing.name}
          </>
        )}
        {others.length > 0 && <span className={style["more"]}>+{others.length}</span>}
      </span>
    </div>
  );
});
