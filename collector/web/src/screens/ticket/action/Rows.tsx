import { useTranslation } from "react-i18next";
import type { Schemas } from "../../../api/client";
import { cellWords, columnTitle } from "../../../parts/table/columnWords";
import { tableTitle } from "../../../parts/table/tableTitle";
import style from "./Action.module.css";

/** Rows that are shown. */
const MOST = 100;

/** A table as the device has read it. */
export function Rows({ table }: { table: Schemas["RowsView"] }) {
  const { t } = useTranslation();
  const title = tableTitle(t, table.name);
  const shown = table.rows.slice(0, MOST) as Record<string, unknown>[];
  const hidden = table.rows.length - shown.length + table.missing_rows;
  return (
    <section>
      <h3 className={style["sub"]}>{title}</h3>
      <div className={style["table"]} tabIndex={0} role="region" aria-label={title}>
        <table>
          <thead>
            <tr>
              {table.columns.map(({ name }) => (
                <th key={name} scope="col">
                  {columnTitle(t, name, table.name) ?? name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row, at) => (
              <tr key={at}>
                {table.columns.map((column) => (
                  <td key={column.name}>{cellWords(t, column, row[column.name])}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {hidden > 0 && <p className={style["plain"]}>{t("job.moreRows", { count: hidden })}</p>}
    </section>
  );
}
