import type { TFunction } from "i18next";
import type { Device, Extent } from "../../api/devices";
import type { Schemas } from "../../api/client";
import { moment } from "../../locales/format";
import { StatusMark } from "../../parts/StatusMark";
import type { Column } from "../../parts/table/columns";
import { cell, isNumber } from "../../parts/table/values";
import { TimeAgo } from "../../parts/TimeAgo";
import { FACTS, isFact, type ColumnName, type FactName } from "./choice";

type FactColumn = Schemas["FactColumnView"];

/** The name, then what was chosen. `facts`: the columns of facts as the collector knows them. */
export function deviceColumns(t: TFunction, chosen: readonly ColumnName[], facts: readonly FactColumn[]): Column<Device>[] {
  const plain = plainColumns(t);
  return [plain.hostname, ...chosen.map((name) => (isFact(name) ? factColumn(t, name, facts) : plain[name]))];
}

function plainColumns(t: TFunction) {
  const column = (name: "hostname" | "site" | "os" | "serial" | "agent", width: number, text: (device: Device) => string): Column<Device> => ({
    name, title: t(`devices.column.${name}`), width, text, order: text,
  });
  const { order: _, ...serial } = column("serial", 16, (device) => device.serial);
  return {
    hostname: column("hostname", 26, (device) => device.hostname),
    site: column("site", 16, (device) => device.site),
    os: column("os", 12, (device) => device.os),
    serial,
    agent: column("agent", 10, (device) => device.agent_version),
    status: {
      name: "status",
      title: t("devices.column.status"),
      width: 18,
      text: (device) => device.status ?? "",
      // What was known last still tells which of those that are away to look at first.
      show: (device) => (
        <>
          <StatusMark status={device.status} /> {!device.connected && <StatusMark status={undefined} isConnected={false} isQuiet />}
        </>
      ),
      order: (device) => device.status,
    } satisfies Column<Device>,
    seen: {
      name: "seen",
      title: t("devices.column.seen"),
      width: 16,
      text: (device) => moment(device.last_seen),
      show: (device) => seen(t, device),
      order: (device) => device.last_seen,
    } satisfies Column<Device>,
    enrolled: {
      name: "enrolled",
      title: t("devices.column.enrolled"),
      width: 22,
      text: (device) => moment(device.enrolled_at),
      order: (device) => device.enrolled_at,
    } satisfies Column<Device>,
  };
}

function seen(t: TFunction, device: Device) {
  if (device.removed_at) return t("devices.gone");
  return device.connected ? t("devices.now") : <TimeAgo at={device.last_seen} />;
}

function factColumn(t: TFunction, name: FactName, facts: readonly FactColumn[]): Column<Device> {
  const { of, shows } = FACTS[name];
  const known = facts.find((one) => one.name === of);
  return {
    name,
    title: t(`devices.fact.${name}`),
    width: known && isNumber(known) ? 13 : 17,
    isNumber: known !== undefined && isNumber(known),
    text: (device) => said(t, known, shows, device.facts?.[of]),
  };
}

/** One value of several, or the first and how many more there are. */
export function said(t: TFunction, column: FactColumn | undefined, shows: "least" | "most" | "all", extent: Extent | undefined): string {
  if (!column || !extent) return "";
  const text = cell(t, column, shows === "most" ? extent.most : extent.least);
  return shows === "all" && extent.n_values > 1 ? `${text} +${extent.n_values - 1}` : text;
}
