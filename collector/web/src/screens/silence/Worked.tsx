import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { isMutedHere, isWorkedOn, maintenanceQuery } from "../../api/maintenance";
import { mutesQuery } from "../../api/mutes";
import { moment } from "../../locales/format";
import { Icon } from "../../parts/Icon";
import style from "./Silence.module.css";
import { aboutMute } from "./words";

/** Says at a device that it is being worked on, or that something of it is muted. */
export function Worked({ device }: { device: { id: string; site: string } }) {
  const { t } = useTranslation();
  const planned = useQuery(maintenanceQuery);
  const mutes = useQuery(mutesQuery);
  const holding = planned.data?.items.filter((one) => one.holds && isWorkedOn(one, device)) ?? [];
  const muted = mutes.data?.items.filter((one) => isMutedHere(one, device)) ?? [];
  return (
    <>
      {holding.map((one) => (
        <p key={one.id} className={style["silenced"]}>
          <Icon name="maintenance" size={14} />
          <span>
            {t("silenced.maintenance", { by: one.created_by })}, {t("mutes.until", { at: moment(one.until) })}: {one.reason}
          </span>
        </p>
      ))}
      {muted.map((one) => (
        <p key={one.id} className={style["silenced"]}>
          <Icon name="mute" size={14} />
          <span>
            {t("silenced.muted", { what: aboutMute(t, one), by: one.created_by })}, {one.until ? t("mutes.until", { at: moment(one.until) }) : t("mutes.forEver")}: {one.reason}
          </span>
        </p>
      ))}
    </>
  );
}
