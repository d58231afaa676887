import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { timelineQuery } from "../../../api/tickets";
import { day } from "../../../locales/format";
import { Failure } from "../../../parts/Failure";
import { Loading } from "../../../parts/Loading";
import type { Wanted } from "../action/wanted";
import { Entry } from "./Entry";
import { arrange } from "./arrange";
import { useStick } from "./stick";
import style from "./Timeline.module.css";

interface Props {
  number: number;
  requester: string | undefined;
  want: (wanted: Wanted) => void;
}

/** All that happened, oldest first; it begins at its end, where the work is. */
export function Timeline({ number, requester, want }: Props) {
  const { t } = useTranslation();
  const timeline = useQuery(timelineQuery(number));
  const stick = useStick();
  if (timeline.isError && !timeline.data) return <Failure failure={timeline.error} again={() => void timeline.refetch()} />;
  if (!timeline.data) return <Loading lines={6} />;
  return (
    <div {...stick} className={style["pane"]} role="log" aria-label={t("ticket.timeline")} tabIndex={0}>
      {arrange(timeline.data).map((group) => (
        <section key={group.day} aria-label={day(group.at)}>
          <h2 className={style["day"]}>{day(group.at)}</h2>
          <ol className={style["entries"]}>
            {group.entries.map((entry) => (
              <Entry key={entry.event.number} entry={entry} ticket={number} requester={requester} want={want} />
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}
