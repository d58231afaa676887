import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { deviceListQuery, type Device } from "../../api/devices";
import { Problem } from "../../api/problem";
import { number } from "../../locales/format";
import { Failure } from "../../parts/Failure";
import { useKeys } from "../../parts/keys";
import { Loading } from "../../parts/Loading";
import { useMay } from "../../parts/may";
import { Notice } from "../../parts/Notice";
import { DataTable } from "../../parts/table/DataTable";
import { stepIn } from "../../parts/table/step";
import { FACTS, isFact, useChoice } from "./choice";
import { ColumnMenu } from "./ColumnMenu";
import { deviceColumns } from "./deviceColumns";
import style from "./Devices.module.css";
import { QueryFault } from "./QueryFault";
import { listed, narrowed, orderOf, sortOf, type DevicesSearch } from "./search";

interface Props {
  search: DevicesSearch;
  change: (part: { [K in keyof DevicesSearch]?: DevicesSearch[K] | undefined }) => void;
  clear: () => void;
}

/** The devices that the collector finds, in the order in which it gives them. */
export function DeviceList({ search, change, clear }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const mayAdd = useMay("admin");
  const [chosen, toggle] = useChoice();
  const facts = useMemo(() => chosen.filter(isFact).map((name) => FACTS[name].of), [chosen]);
  const list = useInfiniteQuery(deviceListQuery(listed(search, facts)));
  const pages = list.data?.pages;
  const rows = useMemo(() => pages?.flatMap((page) => page.items) ?? [], [pages]);
  const known = pages?.[0]?.facts;
  const columns = useMemo(() => deviceColumns(t, chosen, known ?? []), [t, chosen, known]);
  const ordered = useMemo(() => ({ by: orderOf(search.sort), set: (order: Parameters<typeof sortOf>[0]) => change({ sort: sortOf(order) }) }), [search.sort, change]);
  const whole = useRef<HTMLDivElement>(null);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const step = (by: number) => {
    const table = whole.current?.querySelector<HTMLElement>("[role=grid]");
    if (table) stepIn(table, by);
  };
  const asked = JSON.stringify(search);
  useEffect(() => {
    // What is asked anew begins at its beginning; the focus stays where it is.
    whole.current?.querySelector("[role=grid]")?.scrollTo({ top: 0 });
  }, [asked]);
  useKeys(t("keys.ofDevices"), [
    { key: "j", says: t("keys.nextDevice"), run: () => step(1) },
    { key: "k", says: t("keys.previousDevice"), run: () => step(-1) },
    { key: "/", says: t("keys.search"), run: () => document.querySelector<HTMLElement>("[data-search]")?.focus() },
  ]);
  if (list.error instanceof Problem && list.error.field === "q") return <QueryFault q={search.q ?? ""} problem={list.error} />;
  if (list.isError && !list.data) return <Failure failure={list.error} again={() => void list.refetch()} />;
  if (!pages) return <Loading lines={12} height={16} />;
  const isFiltered = Object.keys(narrowed(search)).length > 0;
  const total = pages.at(-1)?.total ?? 0;
  const open = (device: Device) => void navigate({ to: "/devices/$id", params: { id: device.id } });
  return (
    <div ref={whole} className={style["list"]} data-stale={list.isPlaceholderData || undefined}>
      <div className={style["head"]}>
        <p className={style["count"]} role="status">
          {t(isFiltered ? "devices.fit" : "devices.count", { count: total, number: number(total) })}
          {search.q !== undefined && (
            <>
              {" · "}
              <button type="button" className={style["word"]} onClick={() => change({ rows: true })}>
                {t("query.rows")}
              </button>
            </>
          )}
        </p>
        <ColumnMenu chosen={chosen} toggle={toggle} />
      </div>
      {rows.length === 0 ? (
        <Notice
          icon={isFiltered ? "search" : "device"}
          title={t(isFiltered ? "devices.noneFound" : "devices.none")}
          action={
            isFiltered ? (
              <Button variant="default" onClick={clear}>
                {t("devices.clear")}
              </Button>
            ) : (
              mayAdd && <Link to="/devices/new">{t("devices.add")}</Link>
            )
          }
        />
      ) : (
        <DataTable
          label={t("devices.title")}
          columns={columns}
          rows={rows}
          keyOf={({ id }) => id}
          open={open}
          onEnd={more}
          isPart={hasNextPage}
          ordered={ordered}
        />
      )}
    </div>
  );
}
