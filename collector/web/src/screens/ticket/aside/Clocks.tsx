import { useTranslation } from "react-i18next";
import type { Clock } from "../../../api/tickets";
import { duration, moment } from "../../../locales/format";
import { tone } from "../../../parts/clocks";
import { useNow } from "../../../parts/now";
import style from "./Aside.module.css";

/** What was promised, and how much of it is gone. */
export function Clocks({ clocks }: { clocks: readonly Clock[] }) {
  const { t } = useTranslation();
  if (clocks.length === 0) return null;
  return (
    <section className={style["card"]} aria-label={t("clock.title")}>
      {clocks.map((clock) => (
        <One key={`${clock.measure} ${clock.tier}`} clock={clock} />
      ))}
    </section>
  );
}

function One({ clock }: { clock: Clock }) {
  const { t } = useTranslation();
  const now = useNow();
  const isRunning = clock.standing === "running" && clock.due_at;
  const left = isRunning ? (Date.parse(clock.due_at ?? "") - now) / 1_000 : clock.target_seconds - clock.spent_seconds;
  const gone = Math.min(1, Math.max(0, 1 - left / clock.target_seconds));
  const ended = clock.is_met ? "ok" : "critical";
  const shown = isRunning ? tone({ clock, seconds: left }) : clock.standing === "ended" ? ended : "unknown";
  const said = () => {
    if (clock.standing === "ended") return t(clock.is_met ? "clock.met" : "clock.missed");
    if (clock.standing === "paused") return t("clock.paused");
    return left < 0 ? t("clock.over", { time: duration(left) }) : t("clock.left", { time: duration(left) });
  };
  return (
    <div className={style["clock"]} data-tone={shown} title={clock.due_at ? moment(clock.due_at) : undefined}>
      <span>
        {t(`measure.${clock.measure}`)} {clock.tier && `(${t(`tier.${clock.tier}`)})`}{" "}
        <span className={style["share"]}>{t("clock.of", { time: duration(clock.target_seconds) })}</span>
      </span>
      <span className={style["time"]}>{said()}</span>
      <span className={style["track"]}>
        <span style={{ width: `${gone * 100}%` }} />
      </span>
    </div>
  );
}
