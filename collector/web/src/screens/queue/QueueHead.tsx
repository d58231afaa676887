import { ActionIcon, Tooltip } from "@mantine/core";
import type { UseInfiniteQueryResult, InfiniteData } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useConnection } from "../../api/connected";
import type { TicketPage } from "../../api/tickets";
import { time } from "../../locales/format";
import { Icon } from "../../parts/Icon";
import style from "./Queue.module.css";
import { order, type QueueSearch } from "./search";
import type { Shown } from "./view";
import { ViewActions } from "./ViewActions";
import { statesTitle } from "./words";

interface Props {
  list: UseInfiniteQueryResult<InfiniteData<TicketPage>>;
  shown: Shown;
  go: (address: QueueSearch) => void;
}

/** What the list is, how many of it are read, and as of when. */
export function QueueHead({ list, shown, go }: Props) {
  const { t } = useTranslation();
  const isLive = useConnection().lostSince === undefined;
  const { search, view, isChanged } = shown;
  const pages = list.data?.pages ?? [];
  const found = pages[0]?.search;
  const count = pages.reduce((n, page) => n + page.items.length, 0);
  const isWhole = !list.hasNextPage;
  const said = () => {
    if (found && !found.is_counted) return t("queue.foundMore", { count: found.n_found });
    if (found) return t("queue.found", { count: found.n_found });
    return isWhole ? t("queue.count", { count }) : t("queue.first", { count });
  };
  return (
    <header className={style["head"]}>
      <h1>{view ? view.name : statesTitle(t, search.state)}</h1>
      <p className={style["count"]} role="status">
        {view && `${view.shared ? t("views.sharedByOnly", { by: view.changed_by }) : t("views.own")}${isChanged ? ` · ${t("views.isChanged")}` : ""} · `}
        {list.data && `${said()} · ${t(`queue.order.${order(search)}`)}`}
      </p>
      <ViewActions shown={shown} go={go} />
      {list.dataUpdatedAt > 0 && (
        <span className={style["asOf"]}>
          {list.isStale && !list.isRefetching && <span className={style["stale"]}>{t("queue.stale")}</span>}
          {isLive && !list.isStale ? t("queue.live") : t("queue.asOf", { time: time(new Date(list.dataUpdatedAt).toISOString()) })}
          <Tooltip label={t("queue.refresh")}>
            <ActionIcon size="sm" aria-label={t("queue.refresh")} loading={list.isRefetching} onClick={() => void list.refetch()}>
              <Icon name="refresh" size={15} />
            </ActionIcon>
          </Tooltip>
        </span>
      )}
    </header>
  );
}
