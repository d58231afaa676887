import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { triedQuery } from "../../../api/devices";
import { JobMark } from "../../../parts/JobMark";
import { TimeAgo } from "../../../parts/TimeAgo";
import style from "./Action.module.css";

interface Props {
  device: string;
  action: string;
  ticket: number;
}

/** What it did when it was run before, before it is run again. */
export function Tried({ device, action, ticket }: Props) {
  const { t } = useTranslation();
  const { data } = useQuery(triedQuery(device, action, ticket));
  if (!data) return null;
  if (data.items.length === 0) return <p className={style["plain"]}>{t("action.notTried")}</p>;
  return (
    <section>
      <h3 className={style["sub"]}>{t("action.tried")}</h3>
      <ul className={style["list"]}>
        {data.items.map((job) => (
          <li key={job.id} className={style["row"]}>
            <JobMark job={job} />
            <span>
              {job.requested_by} <TimeAgo at={job.issued_at} /> {job.reason}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
