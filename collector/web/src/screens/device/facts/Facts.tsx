import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { tablesQuery } from "../../../api/facts";
import { Failure } from "../../../parts/Failure";
import { Loading } from "../../../parts/Loading";
import { Notice } from "../../../parts/Notice";
import type { TabProps } from "../tab";
import { byArea } from "./areas";
import { FactTable } from "./FactTable";
import style from "./Facts.module.css";
import { TableList } from "./TableList";

/** What the machine is: its tables by area, and the rows of one. */
export function Facts({ device, search, want }: TabProps) {
  const { t } = useTranslation();
  const tables = useQuery(tablesQuery(device.id));
  if (tables.isError && !tables.data) return <Failure failure={tables.error} again={() => void tables.refetch()} />;
  if (!tables.data) return <Loading lines={10} />;
  const groups = byArea(tables.data.items.map(({ table }) => table));
  const names = groups.flatMap((group) => group.tables);
  const shown = names.find((name) => name === search.table) ?? names[0];
  if (!shown) {
    return (
      <Notice icon="facts" title={t("facts.none")}>
        <p>{t("facts.noneText")}</p>
      </Notice>
    );
  }
  return (
    <div className={style["columns"]}>
      <TableList groups={groups} states={tables.data.items} shown={shown} search={search} />
      <FactTable key={shown} device={device} table={shown} want={want} />
    </div>
  );
}
