import { useTranslation } from "react-i18next";
import type { State, WaitingFor } from "../api/tickets";
import { stateMarks } from "../theme";
import { Mark } from "./Mark";

interface Props {
  state: State;
  waitingFor?: WaitingFor | null | undefined;
  isPlate?: boolean;
  isQuiet?: boolean;
}

export function StateMark({ state, waitingFor, isPlate = false, isQuiet = false }: Props) {
  const { t } = useTranslation();
  const label = state === "waiting" && waitingFor ? t(`waiting.${waitingFor}`) : t(`state.${state}`);
  return <Mark {...stateMarks[state]} isPlate={isPlate} isQuiet={isQuiet} label={label} />;
}
