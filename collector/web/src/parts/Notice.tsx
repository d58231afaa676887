import type { ReactNode } from "react";
import type { Picture } from "./icons";
import { Icon } from "./Icon";
import style from "./Notice.module.css";

interface Props {
  icon: Picture;
  title: string;
  children?: ReactNode;
  /** What can be done about it. */
  action?: ReactNode;
  isSmall?: boolean;
  /** It is all that the page has. */
  isPage?: boolean;
}

/** Stands where there would be something else: nothing there, an error, no connection. */
export function Notice({ icon, title, children, action, isSmall = false, isPage = false }: Props) {
  const Title = isPage ? "h1" : "p";
  return (
    <div className={style["notice"]} data-small={isSmall || undefined}>
      <span className={style["icon"]}>
        <Icon name={icon} size={isSmall ? 18 : 26} />
      </span>
      <Title className={style["title"]}>{title}</Title>
      {children && <div className={style["text"]}>{children}</div>}
      {action && <div className={style["action"]}>{action}</div>}
    </div>
  );
}
