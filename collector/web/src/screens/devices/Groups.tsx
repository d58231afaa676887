import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { deviceCountsQuery } from "../../api/devices";
import { number } from "../../locales/format";
import { StatusMark } from "../../parts/StatusMark";
import style from "./Devices.module.css";
import { GROUPINGS, narrowed, STATUSES, without, type DevicesSearch, type Grouping } from "./search";

/** Groups that are shown; the others are found by a filter. */
const MOST = 24;

interface Props {
  search: DevicesSearch;
  change: (part: { [K in keyof DevicesSearch]?: DevicesSearch[K] | undefined }) => void;
}

/** How many devices there are of each kind, by what is chosen; a group is a filter. */
export function Groups({ search, change }: Props) {
  const { t } = useTranslation();
  const by: Grouping = search.group ?? "status";
  const counts = useQuery(deviceCountsQuery(without(narrowed(search), by))).data;
  const groups = counts && { site: counts.sites, os: counts.os, status: counts.statuses }[by];
  const pick = (name: string) => {
    const next = search[by] === name ? undefined : name;
    change(by === "status" ? { status: STATUSES.find((one) => one === next) } : { [by]: next });
  };
  return (
    <div className={style["groups"]}>
      <SegmentedControl
        size="xs"
        aria-label={t("devices.groupBy")}
        value={by}
        onChange={(next) => change({ group: next === "status" ? undefined : GROUPINGS.find((one) => one === next) })}
        data={GROUPINGS.map((value) => ({ value, label: t(`devices.group.${value}`) }))}
      />
      {groups?.slice(0, MOST).map(({ name, n_devices }) => (
        <button key={name} type="button" className={style["group"]} aria-pressed={search[by] === name} onClick={() => pick(name)}>
          {by === "status" ? <StatusMark status={name} /> : <span>{name || t("devices.noName")}</span>}
          <span className={style["number"]}>{number(n_devices)}</span>
        </button>
      ))}
      {groups && groups.length > MOST && <span className={style["rest"]}>{t("devices.moreGroups", { count: groups.length - MOST })}</span>}
    </div>
  );
}
