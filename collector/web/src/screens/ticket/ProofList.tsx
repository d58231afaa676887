import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { timelineQuery, type Ticket } from "../../api/tickets";
import { StatusMark } from "../../parts/StatusMark";
import { failed } from "./proof";
import style from "./ProofList.module.css";

/** What failed on this ticket: it is checked again before the ticket is proposed. */
export function ProofList({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  const { data: events = [] } = useQuery(timelineQuery(ticket.number));
  const all = failed(events);
  return (
    <div>
      <p className={style["text"]}>{t(all.length > 0 ? "move.proof" : "move.noProof")}</p>
      <ul className={style["list"]}>
        {all.map((one) => (
          <li key={one.key}>
            <StatusMark status={one.status} isQuiet />
            <span>
              {one.hostname}: {one.summary}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
