import type { TFunction } from "i18next";
import type { Device } from "../../api/devices";
import { moment } from "../../locales/format";
import { StatusMark } from "../../parts/StatusMark";
import type { Column } from "../../parts/table/columns";
import { TimeAgo } from "../../parts/TimeAgo";

/** Worst first. */
const RANKS: Record<string, number> = { critical: 0, warning: 1, unknown: 2, ok: 3 };

export function deviceColumns(t: TFunction): Column<Device>[] {
  return [
    {
      name: "hostname",
      title: t("devices.column.hostname"),
      width: 26,
      text: (device) => device.hostname,
      order: (device) => device.hostname,
    },
    {
      name: "status",
      title: t("devices.column.status"),
      width: 18,
      text: (device) => device.status ?? "",
      show: (device) => <StatusMark status={device.status} isConnected={device.connected} />,
      order: (device) => (device.connected ? 0 : 10) + (RANKS[device.status ?? ""] ?? 4),
    },
    { name: "site", title: t("devices.column.site"), width: 16, text: (device) => device.site, order: (device) => device.site },
    { name: "os", title: t("devices.column.os"), width: 12, text: (device) => device.os, order: (device) => device.os },
    {
      name: "seen",
      title: t("devices.column.seen"),
      width: 16,
      text: (device) => moment(device.last_seen),
      show: (device) => (device.connected ? t("devices.now") : <TimeAgo at={device.last_seen} />),
      order: (device) => (device.connected ? "~" : device.last_seen),
    },
    { name: "serial", title: t("devices.column.serial"), width: 16, text: (device) => device.serial, order: (device) => device.serial },
    { name: "agent", title: t("devices.column.agent"), width: 10, text: (device) => device.agent_version, order: (device) => device.agent_version },
    {
      name: "enrolled",
      title: t("devices.column.enrolled"),
      width: 22,
      text: (device) => moment(device.enrolled_at),
      order: (device) => device.enrolled_at,
    },
  ];
}
