import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { deviceListQuery, type Device } from "../../api/devices";
import { Failure } from "../../parts/Failure";
import { Loading } from "../../parts/Loading";
import { Notice } from "../../parts/Notice";
import { DataTable } from "../../parts/table/DataTable";
import { deviceColumns } from "./deviceColumns";
import style from "./Devices.module.css";
import { asked, type DevicesSearch } from "./search";

/** Rows below which more is read, where the browser leaves some out. */
const FEW = 40;

interface Props {
  search: DevicesSearch;
  clear: () => void;
}

/** The collector looks for names and connections; by site, system and status the browser leaves out of what it gives. */
export function DeviceList({ search, clear }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const list = useInfiniteQuery(deviceListQuery(asked(search)));
  const pages = list.data?.pages;
  const read = useMemo(() => pages?.flatMap((page) => page.items) ?? [], [pages]);
  const shown = useMemo(() => read.filter((device) => isWanted(device, search)), [read, search]);
  const columns = useMemo(() => deviceColumns(t), [t]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const isShort = list.data !== undefined && shown.length < FEW;
  useEffect(() => {
    if (isShort) more();
  }, [isShort, more]);
  if (list.isError && !list.data) return <Failure failure={list.error} again={() => void list.refetch()} />;
  if (!list.data) return <Loading lines={12} height={16} />;
  const isFiltered = Object.keys(search).length > 0;
  const isLeftOut = shown.length < read.length;
  const said = () => {
    if (isLeftOut) return t(hasNextPage ? "devices.ofRead" : "devices.of", { count: shown.length, all: read.length });
    return t(hasNextPage ? "devices.first" : "devices.count", { count: shown.length });
  };
  return (
    <>
      <p className={style["count"]} role="status">
        {said()}
      </p>
      {shown.length === 0 && !hasNextPage && (
        <Notice
          icon={isFiltered ? "search" : "device"}
          title={t(isFiltered ? "devices.noneFound" : "devices.none")}
          action={
            isFiltered ? (
              <Button variant="default" onClick={clear}>
                {t("devices.clear")}
              </Button>
            ) : (
              <Link to="/devices/new">{t("devices.add")}</Link>
            )
          }
        />
      )}
      {shown.length > 0 && (
        <DataTable
          label={t("devices.title")}
          columns={columns}
          rows={shown}
          keyOf={({ id }) => id}
          open={(device) => void navigate({ to: "/devices/$id", params: { id: device.id } })}
          onEnd={more}
          isPart={hasNextPage}
        />
      )}
    </>
  );
}

function isWanted(device: Device, { site, os, status }: DevicesSearch): boolean {
  if (site !== undefined && device.site !== site) return false;
  if (os !== undefined && device.os !== os) return false;
  return status === undefined || (device.status ?? "none") === status;
}
