import { Button, Drawer } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { actionsQuery, type Device } from "../../../api/devices";
import { rowHistoryQuery } from "../../../api/facts";
import { Failure } from "../../../parts/Failure";
import { changeWords } from "../../../parts/changeWords";
import { Icon } from "../../../parts/Icon";
import { Loading } from "../../../parts/Loading";
import page from "../../../parts/page/Page.module.css";
import { cellWords, columnTitle } from "../../../parts/table/columnWords";
import { tableTitle } from "../../../parts/table/tableTitle";
import type { FactColumn, FactRow } from "../../../parts/table/values";
import { TimeAgo } from "../../../parts/TimeAgo";
import { fitting } from "../fitting";
import type { TabProps } from "../tab";
import style from "./Facts.module.css";

/** As long as the collector keeps what was, milliseconds. */
const KEPT_MS = 400 * 86_400_000;

interface Props {
  device: Device;
  table: string;
  columns: readonly FactColumn[];
  row: FactRow;
  /** It is read live: the collector keeps nothing of it. */
  isLive?: boolean;
  want: TabProps["want"];
  close: () => void;
}

/** A row with all its values, what it was before, and what can be done to it. */
export function RowDrawer({ device, table, columns, row, isLive = false, want, close }: Props) {
  const { t } = useTranslation();
  const actions = useQuery(actionsQuery(device.id));
  const fit = fitting(actions.data?.items ?? [], columns, row);
  return (
    <Drawer opened onClose={close} size="30rem" title={tableTitle(t, table)} closeButtonProps={{ "aria-label": t("common.close") }}>
      <div className={page["stack"]}>
        <dl className={page["pairs"]}>
          {columns.map((column) => {
            const known = columnTitle(t, column.name);
            return (
              <div key={column.name} className={page["pair"]}>
                <dt lang={known ? undefined : "en"}>{known ?? column.name}</dt>
                <dd>{cellWords(t, column, row[column.name]) || "—"}</dd>
              </div>
            );
          })}
        </dl>
        {fit.length > 0 && (
          <div className={page["buttons"]}>
            {fit.map(({ action, values }) => (
              <Button
                key={action.id}
                variant="default"
                leftSection={<Icon name="action" />}
                onClick={() => {
                  close();
                  want({ device: device.id, action: action.id, values });
                }}
              >
                {action.title}
              </Button>
            ))}
          </div>
        )}
        {!isLive && <History device={device} table={table} columns={columns} row={row} />}
      </div>
    </Drawer>
  );
}

function History({ device, table, columns, row }: Pick<Props, "device" | "table" | "columns" | "row">) {
  const { t } = useTranslation();
  const [to] = useState(() => Date.now());
  const span = { from: new Date(to - KEPT_MS).toISOString(), to: new Date(to).toISOString() };
  const keys = Object.fromEntries(columns.filter(({ role }) => role === "key").map(({ name }) => [name, row[name]]));
  const history = useQuery(rowHistoryQuery(device.id, table, keys, span));
  return (
    <section>
      <h3>{t("facts.history")}</h3>
      {history.isPending && <Loading lines={2} />}
      {history.isError && <Failure failure={history.error} isSmall />}
      {history.data?.changes.length === 0 && <p className={page["plain"]}>{t(history.data.isPart ? "facts.noneLately" : "facts.neverChanged")}</p>}
      <ol className={style["history"]}>
        {history.data?.changes.map((change, at) => (
          <li key={at}>
            {changeWords(t, change)} <TimeAgo at={change.at} />
          </li>
        ))}
      </ol>
    </section>
  );
}
