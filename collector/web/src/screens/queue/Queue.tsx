import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { deviceListQuery } from "../../api/devices";
import { ticketsQuery } from "../../api/tickets";
import { Failure } from "../../parts/Failure";
import { Loading } from "../../parts/Loading";
import { Notice } from "../../parts/Notice";
import { useTitle } from "../../parts/title";
import { Filters } from "./Filters";
import style from "./Queue.module.css";
import { QueueHead } from "./QueueHead";
import { Rows } from "./Rows";
import { which, type QueueSearch } from "./search";

const FirstDevice = lazy(() => import("../first/FirstDevice").then((part) => ({ default: part.FirstDevice })));

/** Tickets, what is due next first; where there is nothing at all, the way to the first device. */
export function Queue() {
  const { t } = useTranslation();
  const search: QueueSearch = useSearch({ from: "/inside/" });
  const navigate = useNavigate({ from: "/" });
  const list = useInfiniteQuery(ticketsQuery(which(search)));
  const box = useRef<HTMLInputElement>(null);
  useTitle(t("queue.title"));
  const set = (next: QueueSearch) => void navigate({ search: next, replace: true });
  const pages = list.data?.pages;
  const tickets = useMemo(() => pages?.flatMap((page) => page.items) ?? [], [pages]);
  const fleet = useInfiniteQuery({ ...deviceListQuery({}), enabled: list.data !== undefined && tickets.length === 0 });
  const isBeginning = fleet.data?.pages[0]?.items.length === 0;
  const isFiltered = Object.keys(search).length > 0;
  if (isBeginning && !isFiltered) return <FirstDevice />;
  return (
    <div className={style["queue"]}>
      <QueueHead list={list} search={search} />
      <Filters search={search} set={set} box={box} />
      {list.isPending && <Loading lines={12} height={16} />}
      {list.isError && !list.data && <Failure failure={list.error} again={() => void list.refetch()} />}
      {list.data && tickets.length === 0 && (
        <Notice
          icon={isFiltered ? "search" : "queue"}
          title={isFiltered ? t("queue.noneFound") : t("queue.empty")}
          action={
            isFiltered ? (
              <Button variant="default" onClick={() => set({})}>
                {t("queue.clear")}
              </Button>
            ) : (
              <Link to="/call">{t("queue.openOne")}</Link>
            )
          }
        >
          <p>{isFiltered ? t("queue.noneFoundText") : t("queue.emptyText")}</p>
        </Notice>
      )}
      {tickets.length > 0 && <Rows list={list} tickets={tickets} focusSearch={() => box.current?.focus()} />}
    </div>
  );
}
