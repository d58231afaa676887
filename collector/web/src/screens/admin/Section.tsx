import { createContext, type ReactNode } from "react";
import type { Role } from "../../api/accounts";
import { useMay } from "../../parts/may";
import page from "../../parts/page/Page.module.css";
import style from "./Admin.module.css";

/** Whether what a section offers may be done. */
export const MayChange = createContext(true);

interface Props {
  title: string;
  text?: string;
  /** The least role that may do what is offered; to others only what there is shows. */
  takes?: Role;
  actions?: ReactNode;
  children: ReactNode;
}

/** A heading, what it is for, what can be done, and what there is. */
export function Section({ title, text, takes = "viewer", actions, children }: Props) {
  const may = useMay(takes);
  return (
    <section className={style["section"]}>
      <div className={style["sectionHead"]}>
        <div>
          <h2>{title}</h2>
          {text && <p className={page["plain"]}>{text}</p>}
        </div>
        {actions && may && <div className={page["buttons"]}>{actions}</div>}
      </div>
      <MayChange value={may}>{children}</MayChange>
    </section>
  );
}
