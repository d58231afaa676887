import { useTranslation } from "react-i18next";
import { stepMark, stepState } from "./jobMarks";
import { Mark } from "./Mark";

interface Props {
  /** As the device says it. */
  state: string;
  size?: number;
}

export function StepMark({ state, size = 15 }: Props) {
  const { t } = useTranslation();
  const known = stepState(state);
  return <Mark {...stepMark(known)} label={t(`step.${known}`)} isQuiet size={size} />;
}
