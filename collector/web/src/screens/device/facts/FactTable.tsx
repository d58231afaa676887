import { TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Device } from "../../../api/devices";
import { tableQuery } from "../../../api/facts";
import { Failure } from "../../../parts/Failure";
import { Icon } from "../../../parts/Icon";
import { Loading } from "../../../parts/Loading";
import { Notice } from "../../../parts/Notice";
import page from "../../../parts/page/Page.module.css";
import { factColumns } from "../../../parts/table/columns";
import { DataTable } from "../../../parts/table/DataTable";
import { tableTitle } from "../../../parts/table/tableTitle";
import { hasWords, type FactRow } from "../../../parts/table/values";
import { TimeAgo } from "../../../parts/TimeAgo";
import type { TabProps } from "../tab";
import style from "./Facts.module.css";
import { RowDrawer } from "./RowDrawer";

interface Props {
  device: Device;
  table: string;
  want: TabProps["want"];
}

/** One table: its rows with their units, looked through by words. */
export function FactTable({ device, table, want }: Props) {
  const { t } = useTranslation();
  const [words, setWords] = useState("");
  const [row, setRow] = useState<FactRow>();
  const query = useQuery(tableQuery(device.id, table));
  const { data } = query;
  const columns = useMemo(() => factColumns(t, data?.columns ?? []), [t, data?.columns]);
  const all = useMemo(() => (data?.rows ?? []) as FactRow[], [data?.rows]);
  const rows = useMemo(() => all.filter((one) => hasWords(t, data?.columns ?? [], one, words)), [t, all, data?.columns, words]);
  if (query.isError && !data) return <Failure failure={query.error} again={() => void query.refetch()} />;
  if (!data) return <Loading lines={10} />;
  const title = tableTitle(t, table);
  return (
    <section className={style["table"]} aria-label={title}>
      <div className={page["bar"]}>
        <TextInput
          size="xs"
          className={page["grow"]}
          aria-label={t("facts.search", { table: title })}
          placeholder={t("facts.search", { table: title })}
          leftSection={<Icon name="search" />}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <p className={page["count"]} role="status">
          {words.trim() ? t("facts.found", { count: rows.length, all: all.length }) : t("facts.rows", { count: all.length })}
          {data.next && ` ${t("facts.first")}`} · <TimeAgo at={data.changed_at} />
        </p>
      </div>
      {data.unavailable && (
        <p className={style["unavailable"]}>
          {t("facts.unavailable")} <span lang="en">{data.unavailable}</span>
        </p>
      )}
      {rows.length === 0 ? (
        <Notice icon="facts" title={words.trim() ? t("facts.noneFound") : t("facts.empty")} isSmall />
      ) : (
        <DataTable label={title} columns={columns} rows={rows} keyOf={(_, at) => String(at)} open={setRow} isPart={Boolean(data.next)} />
      )}
      {row && <RowDrawer device={device} table={table} columns={data.columns} row={row} want={want} close={() => setRow(undefined)} />}
    </section>
  );
}
