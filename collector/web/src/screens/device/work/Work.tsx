import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { jobsQuery } from "../../../api/jobs";
import { Failure } from "../../../parts/Failure";
import { Loading } from "../../../parts/Loading";
import { Notice } from "../../../parts/Notice";
import page from "../../../parts/page/Page.module.css";
import { DataTable } from "../../../parts/table/DataTable";
import type { TabProps } from "../tab";
import { jobColumns } from "./jobColumns";

/** What the device was asked: by whom, for which ticket, and how it ended. */
export function Work({ device }: TabProps) {
  const { t } = useTranslation();
  const list = useInfiniteQuery(jobsQuery(device.id));
  const pages = list.data?.pages;
  const jobs = useMemo(() => pages?.flatMap((part) => part.items) ?? [], [pages]);
  const columns = useMemo(() => jobColumns(t), [t]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  if (list.isError && !list.data) return <Failure failure={list.error} again={() => void list.refetch()} />;
  if (!list.data) return <Loading lines={10} />;
  return (
    <>
      <div className={page["bar"]}>
        <Link to="/" search={{ device: device.id, state: "any" }}>
          {t("device.allTickets")}
        </Link>
        <p className={page["count"]} role="status">
          {t(hasNextPage ? "work.first" : "work.count", { count: jobs.length })}
        </p>
      </div>
      {jobs.length === 0 ? (
        <Notice icon="action" title={t("work.none")}>
          <p>{t("work.noneText")}</p>
        </Notice>
      ) : (
        <DataTable label={t("device.tab.work")} columns={columns} rows={jobs} keyOf={({ id }) => id} onEnd={more} isPart={hasNextPage} />
      )}
    </>
  );
}
