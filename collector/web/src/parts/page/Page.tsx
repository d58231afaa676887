import type { ReactNode } from "react";
import style from "./Page.module.css";

interface Props {
  title: ReactNode;
  /** What it shows, and how many there are. */
  sub?: ReactNode;
  actions?: ReactNode;
  /** Between head and body, over the whole width. */
  bar?: ReactNode;
  /** The body scrolls; else what stands in it does. */
  scrolls?: boolean;
  /** What the body is, for who goes to it by keys. */
  label?: string;
  children: ReactNode;
}

/** The frame of every screen but the queue and the ticket: what it is, what can be done, and what there is. */
export function Page({ title, sub, actions, bar, scrolls = false, label, children }: Props) {
  return (
    <div className={style["page"]}>
      <header className={style["head"]}>
        <div className={style["title"]}>
          <h1>{title}</h1>
          {sub !== undefined && (
            <p className={style["sub"]} role="status">
              {sub}
            </p>
          )}
        </div>
        {actions && <div className={style["actions"]}>{actions}</div>}
      </header>
      {bar}
      {scrolls ? (
        <div className={style["body"]} data-scrolls role="region" aria-label={label} tabIndex={0}>
          {children}
        </div>
      ) : (
        <div className={style["body"]}>{children}</div>
      )}
    </div>
  );
}
