import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { changesQuery, deviceQuery, findingsQuery } from "../../api/devices";
import { useFollow } from "../../api/follow";
import { changeWords } from "../../parts/changeWords";
import { Loading } from "../../parts/Loading";
import { StatusMark } from "../../parts/StatusMark";
import { TimeAgo } from "../../parts/TimeAgo";
import style from "./Call.module.css";

const MOST_CHANGES = 4;

/** The machine that the call is about: its light, what is wrong, what changed last. */
export function DeviceBrief({ device }: { device: string }) {
  const { t } = useTranslation();
  useFollow(`devices/${device}`);
  const known = useQuery(deviceQuery(device));
  const findings = useQuery(findingsQuery(device));
  const changes = useQuery(changesQuery(device, undefined));
  if (!known.data || !findings.data) return <Loading />;
  return (
    <div className={style["brief"]}>
      <div className={style["briefHead"]}>
        <strong>{known.data.hostname}</strong>
        <StatusMark status={known.data.status} isConnected={known.data.connected} isPlate />
      </div>
      <p>{findings.data.what_is_wrong.technician}</p>
      {changes.data && changes.data.items.length > 0 && (
        <>
          <h3>{t("call.changes")}</h3>
          <ul>
            {changes.data.items.slice(0, MOST_CHANGES).map((change, at) => (
              <li key={at}>
                {changeWords(t, change)} <TimeAgo at={change.at} />
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
