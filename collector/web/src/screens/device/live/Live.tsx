import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { liveTablesQuery } from "../../../api/devices";
import { Failure } from "../../../parts/Failure";
import { Loading } from "../../../parts/Loading";
import { Notice } from "../../../parts/Notice";
import page from "../../../parts/page/Page.module.css";
import { tableTitle } from "../../../parts/table/tableTitle";
import { LIVE_TABLES } from "../search";
import type { TabProps } from "../tab";
import { TicketChoice } from "../TicketChoice";
import style from "./Live.module.css";
import { Reading } from "./Reading";

/** Processes, services and logs as they are now. That asks the device, so it is for a ticket. */
export function Live({ device, ticket, search, set, want }: TabProps) {
  const { t } = useTranslation();
  const tables = useQuery(liveTablesQuery(device.id));
  if (!ticket) {
    return (
      <div className={page["body"]} data-scrolls role="region" aria-label={t("device.tab.live")} tabIndex={0}>
        <div className={style["choice"]}>
          <h2>{t("live.forTicket")}</h2>
          <p className={page["plain"]}>{t("live.forTicketText")}</p>
          <TicketChoice device={device} chosen={(number) => set({ ticket: number })} />
        </div>
      </div>
    );
  }
  if (tables.isError && !tables.data) return <Failure failure={tables.error} again={() => void tables.refetch()} />;
  if (!tables.data) return <Loading lines={6} />;
  const known = LIVE_TABLES.filter((name) => tables.data.items.some((table) => table.name === name));
  const name = known.find((one) => one === search.table) ?? known[0];
  const table = tables.data.items.find((one) => one.name === name);
  if (!name || !table) return <Notice icon="live" title={t("live.none")} />;
  return (
    <>
      <div className={style["which"]}>
        <SegmentedControl
          size="xs"
          aria-label={t("live.which")}
          value={name}
          onChange={(next) => set({ table: next })}
          data={known.map((value) => ({ value, label: tableTitle(t, value) }))}
        />
      </div>
      <Reading key={name} device={device} ticket={ticket} table={table} want={want} />
    </>
  );
}
