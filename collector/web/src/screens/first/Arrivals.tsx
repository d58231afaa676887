import { Loader } from "@mantine/core";
import { useQueries, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { deviceQuery, enrolledKey } from "../../api/devices";
import { StatusMark } from "../../parts/StatusMark";
import { TimeAgo } from "../../parts/TimeAgo";
import style from "./FirstDevice.module.css";

/** Devices that have enrolled since this page was opened, as the collector says it. */
export function Arrivals() {
  const { t } = useTranslation();
  const { data: ids = [] } = useQuery({ queryKey: enrolledKey, queryFn: (): string[] => [], enabled: false });
  const devices = useQueries({ queries: ids.map((id) => deviceQuery(id)) });
  const known = devices.flatMap(({ data }) => (data ? [data] : []));
  return (
    <div role="status">
      {known.length === 0 && (
        <p className={style["waits"]}>
          <Loader size="xs" aria-hidden /> {t("first.waits")}
        </p>
      )}
      <ul className={style["devices"]}>
        {known.map((device) => (
          <li key={device.id} className={style["device"]}>
            <StatusMark status={device.status} isQuiet />
            <Link to="/devices/$id" params={{ id: device.id }}>
              {device.hostname}
            </Link>
            <span>{t("device.site", { site: device.site })}</span>
            <TimeAgo at={device.enrolled_at} />
          </li>
        ))}
      </ul>
    </div>
  );
}
