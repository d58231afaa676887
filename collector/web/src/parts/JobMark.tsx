import { useTranslation } from "react-i18next";
import { jobMark, jobState } from "./jobMarks";
import { Mark } from "./Mark";

interface Props {
  job: { state: string; title: string };
  isPlate?: boolean;
}

export function JobMark({ job, isPlate = false }: Props) {
  const { t } = useTranslation();
  const state = jobState(job.state, job.title);
  return <Mark {...jobMark(state)} isPlate={isPlate} label={t(`jobState.${state}`)} />;
}
