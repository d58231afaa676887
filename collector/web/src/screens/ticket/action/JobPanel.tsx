import { useQuery } from "@tanstack/react-query";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { jobQuery, type Job } from "../../../api/jobs";
import type { Ticket } from "../../../api/tickets";
import { number } from "../../../locales/format";
import { Failure } from "../../../parts/Failure";
import { JobMark } from "../../../parts/JobMark";
import { isEndedLook } from "../../../parts/jobMarks";
import { late } from "../../../parts/late";
import { Loading } from "../../../parts/Loading";
import { StatusMark } from "../../../parts/StatusMark";
import { asked, probed, workGiven, workPlace, workTitle } from "../../../parts/workTitle";
import style from "./Action.module.css";
import { Cancel } from "./Cancel";
import { Rows } from "./Rows";
import { RunStep } from "./RunStep";
import { Steps } from "./Steps";
import { Undo } from "./Undo";

const Frozen = late(() => import("../frozen/Frozen"), "Frozen");

/** The table that a device's flight recorder is read by. */
const RECORDED = "recorded_metrics";

interface Props {
  id: string;
  ticket: Ticket;
  /** Looks at another job instead. */
  go: (job: string) => void;
}

/** A job as it goes: what it plans or does, what it says, what it found, and what can follow. */
export function JobPanel({ id, ticket, go }: Props) {
  const { t } = useTranslation();
  const query = useQuery(jobQuery(id));
  if (query.isError && !query.data) return <Failure failure={query.error} again={() => void query.refetch()} isSmall />;
  if (!query.data) return <Loading lines={5} />;
  const job = query.data;
  const { phase } = asked(job.title);
  const given = workGiven(job.parameters as Record<string, unknown>);
  return (
    <div className={style["stack"]} role="status" aria-live="polite">
      <div className={style["row"]}>
        <h2 className={style["grow"]}>
          {workTitle(t, job.title)} <span className={style["plain"]}>{workPlace(t, job.title, job.hostname)}</span>
        </h2>
        <JobMark job={job} isPlate />
      </div>
      {given && <code className={style["given"]}>{given}</code>}
      {job.waiting_for_device && <p className={style["plain"]}>{t("work.waitsForDevice")}</p>}
      {job.reason && !isEndedLook(job.state, job.title) && <p className={style["reason"]}>{job.reason}</p>}
      <Steps job={job} />
      <Found title={t("job.findings")} findings={job.findings} isWhole={probed(job.title) !== undefined} />
      <Found title={t("job.verified")} findings={job.verified} isWhole />
      {job.table && job.table.name !== RECORDED && <Rows table={job.table} />}
      {job.table?.name === RECORDED && (
        <Suspense fallback={<Loading lines={6} />}>
          <Frozen job={job} ticket={ticket.number} />
        </Suspense>
      )}
      {job.output && (
        <section>
          <h3 className={style["sub"]}>{t("job.output")}</h3>
          <pre className={style["output"]} tabIndex={0}>
            {job.output}
          </pre>
          {job.output_missing_bytes > 0 && <p className={style["plain"]}>{t("job.missing", { bytes: number(job.output_missing_bytes) })}</p>}
        </section>
      )}
      {!job.ended && <Cancel job={job} />}
      {phase === "plan" && job.state === "succeeded" && <RunStep plan={job} ticket={ticket} ran={go} />}
      {job.can_undo && <Undo job={job} ticket={ticket} begun={go} />}
    </div>
  );
}

interface FoundProps {
  title: string;
  findings: Job["findings"];
  /** What is well is shown too. */
  isWhole?: boolean;
}

function Found({ title, findings, isWhole = false }: FoundProps) {
  const shown = findings.filter(({ status }) => isWhole || status === "warning" || status === "critical");
  if (shown.length === 0) return null;
  return (
    <section>
      <h3 className={style["sub"]}>{title}</h3>
      <ul className={style["list"]}>
        {shown.map((finding) => (
          <li key={`${finding.check} ${finding.subject}`} className={style["row"]}>
            <StatusMark status={finding.status} isQuiet />
            <span>{finding.summary}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
