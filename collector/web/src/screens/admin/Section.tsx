import type { ReactNode } from "react";
import page from "../../parts/page/Page.module.css";
import style from "./Admin.module.css";

interface Props {
  title: string;
  text?: string;
  actions?: ReactNode;
  children: ReactNode;
}

/** A heading, what it is for, what can be done, and what there is. */
export function Section({ title, text, actions, children }: Props) {
  return (
    <section className={style["section"]}>
      <div className={style["sectionHead"]}>
        <div>
          <h2>{title}</h2>
          {text && <p className={page["plain"]}>{text}</p>}
        </div>
        {actions && <div className={page["buttons"]}>{actions}</div>}
      </div>
      {children}
    </section>
  );
}
