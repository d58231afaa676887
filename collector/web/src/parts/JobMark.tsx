import { useTranslation } from "react-i18next";
import { jobMark, jobState } from "./jobMarks";
import { Mark } from "./Mark";

export function JobMark({ state, isPlate = false }: { state: string; isPlate?: boolean }) {
  const { t } = useTranslation();
  return <Mark {...jobMark(state)} isPlate={isPlate} label={t(`jobState.${jobState(state)}`)} />;
}
