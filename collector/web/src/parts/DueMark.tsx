import { useTranslation } from "react-i18next";
import type { Clock } from "../api/tickets";
import { duration, moment } from "../locales/format";
import { isPaused, next, tone } from "./clocks";
import style from "./DueMark.module.css";
import { useNow } from "./now";

interface Props {
  clocks: readonly Clock[];
}

/** The promise that is due next, with its time running. */
export function DueMark({ clocks }: Props) {
  const { t } = useTranslation();
  const now = useNow();
  const due = next(clocks, now);
  if (!due) return <span className={style["due"]}>{isPaused(clocks) ? t("clock.paused") : ""}</span>;
  const time = duration(due.seconds);
  return (
    <span className={style["due"]} data-tone={tone(due)} title={moment(due.clock.due_at ?? "")}>
      <span className={style["time"]}>{due.seconds < 0 ? t("clock.late", { time }) : time}</span>
      <span className={style["measure"]}>{t(`measure.${due.clock.measure}`)}</span>
    </span>
  );
}
