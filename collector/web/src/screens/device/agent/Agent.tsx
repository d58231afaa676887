import { useTranslation } from "react-i18next";
import page from "../../../parts/page/Page.module.css";
import style from "../overview/Overview.module.css";
import type { TabProps } from "../tab";
import { Cost } from "./Cost";
import { Events } from "./Events";
import { Identity } from "./Identity";
import { PolicyCard } from "./PolicyCard";
import { Reports } from "./Reports";

/** The agent itself: what it is, what it costs, what it has reported, which checks it runs. */
export function Agent({ device }: TabProps) {
  const { t } = useTranslation();
  return (
    <div className={page["body"]} data-scrolls role="region" aria-label={t("device.tab.agent")} tabIndex={0}>
      <div className={style["columns"]}>
        <div className={style["column"]}>
          <Identity device={device} />
          <Events device={device.id} />
        </div>
        <div className={style["column"]}>
          <Cost device={device.id} />
          <Reports device={device.id} />
          <PolicyCard device={device.id} />
        </div>
      </div>
    </div>
  );
}
