import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../../api/client";
import type { Device } from "../../../api/devices";
import { jobQuery, order } from "../../../api/jobs";
import type { Ticket } from "../../../api/tickets";
import { Icon } from "../../../parts/Icon";
import { JobMark } from "../../../parts/JobMark";
import { Notice } from "../../../parts/Notice";
import { ProblemLine } from "../../../parts/ProblemLine";
import { factColumns } from "../../../parts/table/columns";
import { DataTable } from "../../../parts/table/DataTable";
import type { Order } from "../../../parts/table/Headings";
import { tableTitle } from "../../../parts/table/tableTitle";
import type { FactRow } from "../../../parts/table/values";
import { TimeAgo } from "../../../parts/TimeAgo";
import { Fields } from "../../ticket/action/Fields";
import { typed, type Values } from "../../ticket/action/parameters";
import { RowDrawer } from "../facts/RowDrawer";
import type { TabProps } from "../tab";
import style from "./Live.module.css";

interface Props {
  device: Device;
  ticket: Ticket;
  table: Schemas["TableLine"];
  want: TabProps["want"];
}

/** How rows come that are asked for in this order. */
const FIRST: Record<string, Order> = {
  cpu: { column: "cpu_us", isDown: true },
  memory: { column: "resident_bytes", isDown: true },
  pid: { column: "pid", isDown: false },
};

/** What takes most of the machine first, where it can be asked for so. */
function begun({ parameters }: Schemas["TableLine"]): Values {
  return parameters.some(({ name, choices }) => name === "sort" && choices.includes("cpu")) ? { sort: "cpu" } : {};
}

/** One table, read when it is opened and whenever one asks again. */
export function Reading({ device, ticket, table, want }: Props) {
  const { t } = useTranslation();
  const [values, setValues] = useState<Values>(() => begun(table));
  const [id, setId] = useState<string>();
  const [row, setRow] = useState<FactRow>();
  const job = useQuery({ ...jobQuery(id ?? ""), enabled: id !== undefined });
  const ask = useMutation({
    mutationFn: () => order.table(ticket.number, { device: device.id, table: table.name, parameters: typed(table.parameters, values) }),
    onSuccess: ({ id: made }) => setId(made),
  });
  const { mutate } = ask;
  useEffect(() => mutate(), [mutate]);
  const read = job.data?.table;
  const columns = useMemo(() => factColumns(t, read?.columns ?? []), [t, read?.columns]);
  const rows = (read?.rows ?? []) as FactRow[];
  const title = tableTitle(t, table.name);
  const isAsking = ask.isPending || (job.data !== undefined && !job.data.ended);
  return (
    <>
      <form
        className={style["form"]}
        aria-label={title}
        onSubmit={(event) => {
          event.preventDefault();
          mutate();
        }}
      >
        <Fields parameters={table.parameters} values={values} set={setValues} isDense />
        <Button type="submit" loading={isAsking} leftSection={<Icon name="refresh" />}>
          {t("live.read")}
        </Button>
      </form>
      {ask.isError && <ProblemLine failure={ask.error} />}
      <p className={style["said"]} role="status">
        {job.data && <JobMark job={job.data} />} {job.data && <TimeAgo at={job.data.issued_at} />}
        {job.data?.waiting_for_device && ` ${t("work.waitsForDevice")}`}
        {read && ` · ${t("facts.rows", { count: rows.length })}`}
        {read && read.missing_rows > 0 && ` · ${t("job.moreRows", { count: read.missing_rows })}`}
      </p>
      {job.data?.ended && !read && (
        <Notice icon="unknown" title={job.data.reason ?? t("live.noAnswer")} isSmall>
          <p>{t("live.noAnswerText")}</p>
        </Notice>
      )}
      {read && rows.length === 0 && <Notice icon="live" title={t("facts.empty")} isSmall />}
      {read && rows.length > 0 && <DataTable key={values["sort"]} first={FIRST[values["sort"] ?? ""]} label={title} columns={columns} rows={rows} keyOf={(_, at) => String(at)} open={setRow} />}
      {row && read && (
        <RowDrawer isLive device={device} table={table.name} columns={read.columns} row={row} want={want} close={() => setRow(undefined)} />
      )}
    </>
  );
}
