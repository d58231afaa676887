import { Button, CloseButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { findingsQuery, type Device } from "../../api/devices";
import type { Ticket } from "../../api/tickets";
import { Icon } from "../../parts/Icon";
import { Mark } from "../../parts/Mark";
import { StatusMark } from "../../parts/StatusMark";
import { TimeAgo } from "../../parts/TimeAgo";
import { OpenIn } from "../ticket/OpenIn";
import style from "./Device.module.css";

interface Props {
  device: Device;
  ticket: Ticket | undefined;
  /** The ticket rests. */
  leave: () => void;
  want: () => void;
}

/** Its light, and what is wrong in one sentence. */
export function DeviceHead({ device, ticket, leave, want }: Props) {
  const { t } = useTranslation();
  const findings = useQuery(findingsQuery(device.id));
  const isOnIt = ticket !== undefined && ticket.state !== "closed" && ticket.devices.some(({ id }) => id === device.id);
  return (
    <header className={style["head"]}>
      <div className={style["titleLine"]}>
        <h1>
          <Icon name="device" size={18} /> {device.hostname}
        </h1>
        <StatusMark status={device.status} isConnected={device.connected} isPlate />
        {device.removed_at && <Mark icon="closed" tone="critical" label={t("device.removed")} isPlate />}
        {device.conflict_since && <Mark icon="critical" tone="critical" label={t("device.conflict")} isPlate />}
        <span className={style["spacer"]} />
        {ticket && (
          <span className={style["ticket"]}>
            {t("device.forTicket")}
            <Link to="/tickets/$number" params={{ number: ticket.number }}>
              {ticket.number} {ticket.title}
            </Link>
            <CloseButton size="xs" aria-label={t("device.noTicket")} onClick={leave} />
          </span>
        )}
        {isOnIt && <OpenIn ticket={ticket.number} device={device.id} />}
        <Button variant="default" leftSection={<Icon name="action" />} onClick={want}>
          {t("device.action")}
        </Button>
      </div>
      {findings.data && <p className={style["sentence"]}>{findings.data.what_is_wrong.technician}</p>}
      <div className={style["facts"]}>
        <span>{t("device.site", { site: device.site })}</span>
        <span>{device.os}</span>
        {device.serial && <span>{t("device.serial", { serial: device.serial })}</span>}
        <span>
          {device.connected ? t("device.connectedSince") : t("device.lastSeen")} <TimeAgo at={(device.connected ? device.connected_at : undefined) ?? device.last_seen} />
        </span>
      </div>
    </header>
  );
}
