import type { UseQueryResult } from "@tanstack/react-query";
import { use, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "../../parts/Failure";
import type { Picture } from "../../parts/icons";
import { Loading } from "../../parts/Loading";
import { Notice } from "../../parts/Notice";
import { MayChange } from "./Section";
import style from "./Admin.module.css";

export interface ListColumn<Row> {
  title: string;
  show: (row: Row) => ReactNode;
  /** What can be done with the row. */
  isActions?: boolean;
}

interface Props<Row> {
  label: string;
  query: Pick<UseQueryResult<unknown>, "isError" | "error" | "refetch" | "isPending">;
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  columns: readonly ListColumn<Row>[];
  icon: Picture;
  /** Where there is none, and what to do then. */
  none: string;
  noneText?: string;
  /** There are more rows than these. */
  isCut?: boolean | undefined;
}

/** A few rows with what can be done with each; while they are read, where they cannot be, and where there is none. */
export function List<Row>({ label, query, rows, keyOf, columns: all, icon, none, noneText, isCut }: Props<Row>) {
  const mayChange = use(MayChange);
  const columns = all.filter(({ isActions }) => mayChange || !isActions);
  const { t } = useTranslation();
  if (query.isError && rows.length === 0) return <Failure failure={query.error} again={() => void query.refetch()} isSmall />;
  if (query.isPending) return <Loading lines={4} />;
  if (rows.length === 0) {
    return (
      <Notice icon={icon} title={none} isSmall>
        {noneText && <p>{noneText}</p>}
      </Notice>
    );
  }
  return (
    <div className={style["table"]} role="region" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map(({ title, isActions }) => (
              <th key={title} scope="col">
                {isActions ? <span className="visually-hidden">{title}</span> : title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ title, show, isActions }) => (
                <td key={title} data-actions={isActions || undefined}>
                  {show(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {isCut && <p className={style["cut"]}>{t("admin.cut", { count: rows.length })}</p>}
    </div>
  );
}
