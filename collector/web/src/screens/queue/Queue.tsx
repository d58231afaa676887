import { Button } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { deviceListQuery } from "../../api/devices";
import { ticketsQuery } from "../../api/tickets";
import { viewsQuery } from "../../api/views";
import { Failure } from "../../parts/Failure";
import { late } from "../../parts/late";
import { Loading } from "../../parts/Loading";
import { useMay } from "../../parts/may";
import { Notice } from "../../parts/Notice";
import { useTitle } from "../../parts/title";
import { Filters } from "./Filters";
import style from "./Queue.module.css";
import { QueueHead } from "./QueueHead";
import { Rows } from "./Rows";
import { which, type QueueSearch } from "./search";
import { addressOf, shown as shownBy } from "./view";

const FirstDevice = late(() => import("../first/FirstDevice"), "FirstDevice");

/** Tickets, what is due next first; where there is nothing at all, the way to the first device. */
export function Queue() {
  const { t } = useTranslation();
  const address: QueueSearch = useSearch({ from: "/inside/" });
  const views = useQuery(viewsQuery);
  const shown = shownBy(address, views.data);
  const search = shown?.search ?? {};
  const navigate = useNavigate({ from: "/" });
  const list = useInfiniteQuery({ ...ticketsQuery(which(search)), enabled: shown !== undefined });
  const mayAdd = useMay("admin");
  const box = useRef<HTMLInputElement>(null);
  useTitle(shown?.view?.name ?? t("queue.title"));
  const go = (next: QueueSearch) => void navigate({ search: next, replace: true });
  const set = (next: QueueSearch) => go(addressOf(next, shown?.view));
  const pages = list.data?.pages;
  const tickets = useMemo(() => pages?.flatMap((page) => page.items) ?? [], [pages]);
  const fleet = useInfiniteQuery({ ...deviceListQuery({}), enabled: list.data !== undefined && tickets.length === 0 });
  const isBeginning = fleet.data?.pages[0]?.items.length === 0;
  const isFiltered = Object.keys(address).length > 0;
  if (isBeginning && !isFiltered && mayAdd) return <FirstDevice />;
  if (!shown) return views.isError ? <Failure failure={views.error} again={() => void views.refetch()} /> : <Loading lines={12} height={16} />;
  if (shown.missing !== undefined) {
    return (
      <Notice isPage icon="view" title={t("views.missing", { name: shown.missing })} action={<Link to="/">{t("queue.clear")}</Link>}>
        <p>{t("views.missingText")}</p>
      </Notice>
    );
  }
  return (
    <div className={style["queue"]}>
      <QueueHead list={list} shown={shown} go={go} />
      <Filters search={search} set={set} box={box} />
      {list.isPending && <Loading lines={12} height={16} />}
      {list.isError && !list.data && <Failure failure={list.error} again={() => void list.refetch()} />}
      {list.data && tickets.length === 0 && (
        <Notice
          icon={isFiltered ? "search" : "queue"}
          title={isFiltered ? t("queue.noneFound") : t("queue.empty")}
          action={
            isFiltered ? (
              <Button variant="default" onClick={() => go({})}>
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
