import { Link } from "@tanstack/react-router";
import type { TFunction } from "i18next";
import type { Schemas } from "../../../api/client";
import { moment } from "../../../locales/format";
import { jobState } from "../../../parts/jobMarks";
import { JobMark } from "../../../parts/JobMark";
import type { Column } from "../../../parts/table/columns";
import { workTitle } from "../../../parts/workTitle";

type Line = Schemas["JobLine"];

export function jobColumns(t: TFunction): Column<Line>[] {
  return [
    { name: "at", title: t("work.column.at"), text: (job) => moment(job.issued_at), order: (job) => job.issued_at },
    { name: "what", title: t("work.column.what"), text: (job) => workTitle(t, job.title), order: (job) => job.title },
    {
      name: "state",
      title: t("work.column.state"),
      text: (job) => t(`jobState.${jobState(job.state, job.title)}`),
      show: (job) => <JobMark job={job} />,
      order: (job) => job.state,
    },
    { name: "by", title: t("work.column.by"), text: (job) => job.requested_by, order: (job) => job.requested_by },
    {
      name: "ticket",
      title: t("work.column.ticket"),
      text: (job) => String(job.ticket ?? ""),
      show: (job) => job.ticket && <Link to="/tickets/$number" params={{ number: job.ticket }}>{job.ticket}</Link>,
      order: (job) => job.ticket,
    },
  ];
}
