import { useTranslation } from "react-i18next";
import type { Job } from "../../../api/jobs";
import { Mark } from "../../../parts/Mark";
import type { IconName, Tone } from "../../../theme";
import style from "./Action.module.css";
import { asked } from "../../../parts/workTitle";

const MARKS: Record<ReturnType<typeof known>, { icon: IconName; tone: Tone }> = {
  planned: { icon: "none", tone: "unknown" },
  done: { icon: "ok", tone: "ok" },
  failed: { icon: "critical", tone: "critical" },
};

function known(state: string): "done" | "failed" | "planned" {
  return state === "done" || state === "failed" ? state : "planned";
}

/** What would be done, or is done, step by step and byte for byte. */
export function Steps({ job }: { job: Job }) {
  const { t } = useTranslation();
  if (job.plan.length === 0) return null;
  return (
    <section>
      <h3 className={style["sub"]}>{t(asked(job.title).phase === "plan" ? "action.would" : "action.does")}</h3>
      <ol className={style["steps"]}>
        {job.plan.map((step, at) => (
          <li key={at} className={style["row"]}>
            <Mark {...MARKS[known(step.state)]} label={t(`step.${known(step.state)}`)} isQuiet />
            <div className={style["grow"]}>
              {step.summary} {step.reason && <span className={style["plain"]}>{step.reason}</span>}
              <code className={style["exact"]}>{step.exact.join(" ")}</code>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
