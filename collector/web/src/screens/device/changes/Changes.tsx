import { Button, NativeSelect } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changesBetweenQuery, type Change } from "../../../api/facts";
import { day, time } from "../../../locales/format";
import { changeWords } from "../../../parts/changeWords";
import { Failure } from "../../../parts/Failure";
import { Loading } from "../../../parts/Loading";
import { Notice } from "../../../parts/Notice";
import page from "../../../parts/page/Page.module.css";
import { tableTitle } from "../../../parts/table/tableTitle";
import type { TabProps } from "../tab";
import style from "./Changes.module.css";

const DAY_MS = 86_400_000;
const DAYS = ["1", "7", "30", "400"] as const;

/** What changed on the machine, day by day, the newest first. */
export function Changes({ device }: TabProps) {
  const { t } = useTranslation();
  const [days, setDays] = useState<(typeof DAYS)[number]>("7");
  const [table, setTable] = useState("");
  const [now] = useState(() => Date.now());
  const span = { from: new Date(now - Number(days) * DAY_MS).toISOString(), to: new Date(now).toISOString() };
  const list = useInfiniteQuery(changesBetweenQuery(device.id, span));
  const all = list.data?.pages.flatMap((part) => part.items) ?? [];
  const shown = all.filter((change) => table === "" || change.table === table);
  const tables = [...new Set(all.map((change) => change.table))].toSorted();
  return (
    <>
      <div className={page["bar"]}>
        <NativeSelect
          size="xs"
          aria-label={t("changes.since")}
          value={days}
          onChange={(event) => setDays(event.currentTarget.value as typeof days)}
          data={DAYS.map((value) => ({ value, label: t("changes.days", { count: Number(value) }) }))}
        />
        <NativeSelect
          size="xs"
          aria-label={t("changes.table")}
          value={table}
          onChange={(event) => setTable(event.currentTarget.value)}
          data={[{ value: "", label: t("changes.allTables") }, ...tables.map((value) => ({ value, label: tableTitle(t, value) }))]}
        />
        <p className={page["count"]} role="status">
          {list.data && t(list.hasNextPage ? "changes.countMore" : "changes.count", { count: shown.length })}
        </p>
      </div>
      {list.isPending && <Loading lines={8} />}
      {list.isError && !list.data && <Failure failure={list.error} again={() => void list.refetch()} />}
      {list.data && shown.length === 0 && (
        <Notice icon="history" title={t("changes.nothing")}>
          <p>{t("changes.nothingText")}</p>
        </Notice>
      )}
      {shown.length > 0 && (
        <div className={page["body"]} data-scrolls role="region" aria-label={t("device.tab.changes")} tabIndex={0}>
          {byDay(shown).map((group) => (
            <section key={group.day}>
              <h2 className={style["day"]}>{day(group.day)}</h2>
              <ol className={style["list"]}>
                {group.changes.map((change, at) => (
                  <li key={at} data-kind={change.kind}>
                    <time dateTime={change.at} className={style["time"]}>
                      {time(change.at)}
                    </time>
                    <span>{changeWords(t, change)}</span>
                  </li>
                ))}
              </ol>
            </section>
          ))}
          {list.hasNextPage && (
            <Button variant="default" className={style["more"] ?? ""} loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              {t("common.more")}
            </Button>
          )}
        </div>
      )}
    </>
  );
}

function byDay(changes: readonly Change[]): { day: string; changes: Change[] }[] {
  const groups: { day: string; changes: Change[] }[] = [];
  for (const change of changes) {
    const last = groups.at(-1);
    if (last && new Date(last.day).toDateString() === new Date(change.at).toDateString()) last.changes.push(change);
    else groups.push({ day: change.at, changes: [change] });
  }
  return groups;
}
