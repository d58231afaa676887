import { Button, Checkbox, NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { assetsQuery, KINDS, type AssetKind } from "../../api/assets";
import { Failure } from "../../parts/Failure";
import { Icon } from "../../parts/Icon";
import { Loading } from "../../parts/Loading";
import { Notice } from "../../parts/Notice";
import { Page } from "../../parts/page/Page";
import page from "../../parts/page/Page.module.css";
import { Panel } from "../../parts/Panel";
import { DataTable } from "../../parts/table/DataTable";
import { useTitle } from "../../parts/title";
import { assetColumns } from "./assetColumns";
import { AssetForm } from "./AssetForm";
import { AssetPanel } from "./AssetPanel";
import type { AssetsSearch } from "./search";

const WAIT_MS = 250;

/** Printers, screens, switches: what a ticket can be about and that has no agent. */
export function Assets() {
  const { t } = useTranslation();
  const { asset, ...which }: AssetsSearch = useSearch({ from: "/inside/assets" });
  const navigate = useNavigate({ from: "/assets" });
  const [words, setWords] = useState(which.search ?? "");
  const [isNew, setNew] = useState(false);
  useTitle(t("assets.title"));
  const go = (next: AssetsSearch) => void navigate({ search: next, replace: true });
  const change = (part: { search?: string; kind?: string; removed?: boolean }) => {
    const { search = which.search, kind = which.kind, removed = which.removed } = part;
    go({ ...(search && { search }), ...(kind && { kind: kind as AssetKind }), ...(removed && { removed }) });
  };
  const look = useDebouncedCallback((text: string) => change({ search: text.trim() }), WAIT_MS);
  const list = useInfiniteQuery(assetsQuery(which));
  const pages = list.data?.pages;
  const rows = useMemo(() => pages?.flatMap((part) => part.items) ?? [], [pages]);
  const columns = useMemo(() => assetColumns(t), [t]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const isFiltered = Object.keys(which).length > 0;
  return (
    <Page
      title={t("assets.title")}
      sub={list.data && t(hasNextPage ? "assets.first" : "assets.count", { count: rows.length })}
      actions={
        <Button leftSection={<Icon name="add" />} onClick={() => setNew(true)}>
          {t("assets.add")}
        </Button>
      }
    >
      <div className={page["bar"]} role="search">
        <TextInput
          size="xs"
          className={page["grow"]}
          aria-label={t("assets.search")}
          placeholder={t("assets.search")}
          leftSection={<Icon name="search" />}
          value={words}
          onChange={(event) => {
            setWords(event.currentTarget.value);
            look(event.currentTarget.value);
          }}
        />
        <NativeSelect
          size="xs"
          aria-label={t("assets.kind")}
          value={which.kind ?? ""}
          onChange={(event) => change({ kind: event.currentTarget.value })}
          data={[{ value: "", label: t("assets.allKinds") }, ...KINDS.map((kind) => ({ value: kind, label: t(`assets.kinds.${kind}`) }))]}
        />
        <Checkbox size="xs" mb={5} label={t("assets.withRemoved")} checked={which.removed ?? false} onChange={(event) => change({ removed: event.currentTarget.checked })} />
      </div>
      {list.isPending && <Loading lines={8} />}
      {list.isError && !list.data && <Failure failure={list.error} again={() => void list.refetch()} />}
      {list.data && rows.length === 0 && (
        <Notice icon={isFiltered ? "search" : "asset"} title={t(isFiltered ? "assets.noneFound" : "assets.none")}>
          <p>{t(isFiltered ? "queue.noneFoundText" : "assets.noneText")}</p>
        </Notice>
      )}
      {rows.length > 0 && (
        <DataTable label={t("assets.title")} columns={columns} rows={rows} keyOf={({ id }) => id} open={({ id }) => go({ ...which, asset: id })} onEnd={more} isPart={hasNextPage} />
      )}
      {asset && <AssetPanel id={asset} close={() => go(which)} />}
      {isNew && (
        <Panel title={t("assets.add")} close={() => setNew(false)}>
          <AssetForm
            asset={undefined}
            done={({ id }) => {
              setNew(false);
              go({ ...which, asset: id });
            }}
          />
        </Panel>
      )}
    </Page>
  );
}
