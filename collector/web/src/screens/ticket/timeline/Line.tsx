import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../../../parts/Icon";
import { TimeAgo } from "../../../parts/TimeAgo";
import { Actor } from "./Actor";
import style from "./Timeline.module.css";
import { say, type LineEvent } from "./words";

interface Props {
  event: LineEvent;
  /** What can be done about it. */
  children?: ReactNode;
}

export function Line({ event, children }: Props) {
  const { t } = useTranslation();
  const { icon, text, quote } = say(t, event);
  return (
    <li className={style["line"]}>
      <span className={style["dot"]}>
        <Icon name={icon} size={14} />
      </span>
      <div className={style["lineText"]}>
        <Actor event={event} /> {text} <TimeAgo at={event.at} /> {children}
        {quote && <blockquote className={style["quote"]}>{quote}</blockquote>}
      </div>
    </li>
  );
}
