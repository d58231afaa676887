import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { answersQuery } from "../../api/devices";
import { Problem } from "../../api/problem";
import { Failure } from "../../parts/Failure";
import { Loading } from "../../parts/Loading";
import { Notice } from "../../parts/Notice";
import { DataTable } from "../../parts/table/DataTable";
import { answerColumns } from "./answerColumns";
import style from "./Devices.module.css";
import { QueryFault } from "./QueryFault";

/** Rows of all devices for which a condition holds, as the collector has them. */
export function Answers({ q, back }: { q: string; back: () => void }) {
  const { t } = useTranslation();
  const list = useInfiniteQuery(answersQuery(q));
  const pages = list.data?.pages;
  const rows = useMemo(() => pages?.flatMap((page) => page.items) ?? [], [pages]);
  const [first] = pages ?? [];
  const columns = useMemo(() => answerColumns(t, first?.columns ?? []), [t, first?.columns]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  if (list.error instanceof Problem && list.error.field === "q") return <QueryFault q={q} problem={list.error} />;
  if (list.isError && !list.data) return <Failure failure={list.error} />;
  if (!first) return <Loading lines={12} height={16} />;
  return (
    <>
      <p className={style["count"]} role="status">
        {t(hasNextPage ? "query.first" : "query.count", { count: rows.length })} · {t("query.devices", { count: first.n_devices })}
        {first.n_unavailable > 0 && ` · ${t("query.unavailable", { count: first.n_unavailable })}`} · {" "}
        <button type="button" className={style["word"]} onClick={back}>
          {t("query.back")}
        </button>
      </p>
      {rows.length === 0 ? (
        <Notice icon="query" title={t("query.none")}>
          <p>{t("query.noneText")}</p>
        </Notice>
      ) : (
        <DataTable label={q} columns={columns} rows={rows} keyOf={(_, at) => String(at)} onEnd={more} isPart={hasNextPage} />
      )}
    </>
  );
}
