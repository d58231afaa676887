import type { IconName, Tone } from "../theme";
import { Icon } from "./Icon";
import style from "./Mark.module.css";

interface Props {
  icon: IconName;
  tone: Tone;
  label: string;
  /** The label is there for who hovers or listens. */
  isQuiet?: boolean;
  /** Stands on its ground. */
  isPlate?: boolean;
  size?: number;
}

/** Shape, colour and word of a status, a state or a priority. */
export function Mark({ icon, tone, label, isQuiet = false, isPlate = false, size = 15 }: Props) {
  return (
    <span title={isQuiet ? label : undefined} className={style["mark"]} data-tone={tone} data-plate={isPlate || undefined}>
      <Icon name={icon} size={size} />
      {isQuiet ? <span className="visually-hidden">{label}</span> : <span className={style["label"]}>{label}</span>}
    </span>
  );
}
