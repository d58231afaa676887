import { Button } from "@mantine/core";
import type { TFunction } from "i18next";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { jobQuery } from "../../../api/jobs";
import type { EventOf, WorkResult } from "../../../api/timeline";
import { Icon } from "../../../parts/Icon";
import { JobMark } from "../../../parts/JobMark";
import { isEndedLook } from "../../../parts/jobMarks";
import { StatusMark } from "../../../parts/StatusMark";
import { StepMark } from "../../../parts/StepMark";
import { TimeAgo } from "../../../parts/TimeAgo";
import { asked, probed, workGiven, workPlace, workTitle } from "../../../parts/workTitle";
import type { Wanted } from "../action/wanted";
import { Actor } from "./Actor";
import style from "./Timeline.module.css";

interface Props {
  event: EventOf<"work_asked"> | EventOf<"work_ended">;
  end: EventOf<"work_ended"> | undefined;
  want: (wanted: Wanted) => void;
}

/** What a device was asked for, how far it is, and what came of it. */
export function Work({ event, end, want }: Props) {
  const { t } = useTranslation();
  const over = event.kind === "work_ended" ? event : end;
  const job = useQuery({ ...jobQuery(event.job), enabled: !over });
  const state = over?.state ?? job.data?.state ?? "queued";
  const given = event.kind === "work_asked" ? workGiven(event.asked?.parameters ?? {}) : "";
  const consent = event.kind === "work_asked" ? event.asked?.consent : undefined;
  return (
    <li className={style["line"]}>
      <span className={style["dot"]}>
        <Icon name={asked(event.title).action ? "action" : probed(event.title) ? "probe" : "check"} size={14} />
      </span>
      <div className={style["work"]}>
        <div className={style["workHead"]}>
          <Actor event={event} /> <span>{workTitle(t, event.title)}</span>
          <span className={style["on"]}>{workPlace(t, event.title, event.hostname ?? event.device.slice(0, 8))}</span>
          <JobMark job={{ state, title: event.title }} isPlate />
          <TimeAgo at={event.at} />
          <Button variant="subtle" size="compact-xs" className={style["details"]} onClick={() => want({ job: event.job })}>
            {t("work.details")}
          </Button>
        </div>
        {given && <code className={style["given"]}>{given}</code>}
        {consent && <p className={style["reason"]}>{t("work.agreed", { how: agreed(t, consent) })}</p>}
        {over?.result && !isEndedLook(state, event.title) && <Result result={over.result} />}
        {!over && job.data?.waiting_for_device && <p className={style["reason"]}>{t("work.waitsForDevice")}</p>}
      </div>
    </li>
  );
}

function agreed(t: TFunction, consent: string): string {
  return consent === "page" || consent === "notification" ? t(`event.way.${consent}`) : consent;
}

function Result({ result }: { result: WorkResult }) {
  const { t } = useTranslation();
  const isOne = result.n_findings + result.n_verified === 1;
  const bad = [...result.findings, ...result.verified].filter(({ status }) => isOne || status !== "unknown");
  const nUnknown = result.findings.length + result.verified.length - bad.length;
  const nOk = result.n_findings + result.n_verified - bad.length - nUnknown;
  return (
    <>
      {result.reason && <p className={style["reason"]}>{result.reason}</p>}
      {(result.steps.length > 0 || bad.length > 0) && (
        <ul className={style["results"]}>
          {result.steps.map((step, at) => (
            <li key={at}>
              <StepMark state={step.state} size={14} />
              <span>
                {step.summary} {step.reason}
              </span>
            </li>
          ))}
          {bad.map((one) => (
            <li key={`${one.check} ${one.subject}`}>
              <StatusMark status={one.status} isQuiet size={14} />
              <span>{one.summary}</span>
            </li>
          ))}
        </ul>
      )}
      {result.n_findings + result.n_verified > 0 && (
        <p className={style["counts"]}>
          {[
            nOk > 0 ? t(result.n_verified > 0 ? "work.proved" : "work.well", { count: nOk }) : "",
            nUnknown > 0 ? t("work.unknown", { count: nUnknown }) : "",
          ].filter(Boolean).join(" · ")}
        </p>
      )}
    </>
  );
}
