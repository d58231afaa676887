import { useTranslation } from "react-i18next";
import type { Priority } from "../api/tickets";
import { priorityMarks } from "../theme";
import { Mark } from "./Mark";

export function PriorityMark({ priority, isQuiet = false }: { priority: Priority; isQuiet?: boolean }) {
  const { t } = useTranslation();
  return <Mark {...priorityMarks[priority]} isQuiet={isQuiet} label={t(`priority.${priority}`)} size={16} />;
}
