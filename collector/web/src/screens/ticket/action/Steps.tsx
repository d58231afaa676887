import { useTranslation } from "react-i18next";
import type { Job } from "../../../api/jobs";
import { StepMark } from "../../../parts/StepMark";
import style from "./Action.module.css";
import { asked } from "../../../parts/workTitle";

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
            <StepMark state={step.state} />
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
