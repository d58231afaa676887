import { useTranslation } from "react-i18next";
import { statusMarks } from "../theme";
import { Mark } from "./Mark";

interface Props {
  /** Of a finding or a device; none: nothing is known yet. */
  status: string | null | undefined;
  isConnected?: boolean;
  isQuiet?: boolean;
  isPlate?: boolean;
  size?: number;
}

/** A device's light or a finding's status. */
export function StatusMark({ status, isConnected = true, ...look }: Props) {
  const { t } = useTranslation();
  const known = isConnected ? (status ?? "none") : "offline";
  const name = known in statusMarks ? (known as keyof typeof statusMarks) : "unknown";
  return <Mark {...statusMarks[name]} {...look} label={t(`status.${name}`)} />;
}
