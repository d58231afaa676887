import { Button } from "@mantine/core";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useFollow } from "../../api/follow";
import { Icon } from "../../parts/Icon";
import { useMay } from "../../parts/may";
import { Page } from "../../parts/page/Page";
import { useTitle } from "../../parts/title";
import { Answers } from "./Answers";
import { DeviceFilters } from "./DeviceFilters";
import { DeviceList } from "./DeviceList";
import { Groups } from "./Groups";
import { QueryBar } from "./QueryBar";
import type { DevicesSearch } from "./search";

/** All devices, and what is asked about all of them. */
export function Devices() {
  const { t } = useTranslation();
  const search: DevicesSearch = useSearch({ from: "/inside/devices" });
  const navigate = useNavigate({ from: "/devices" });
  const mayAdd = useMay("admin");
  useTitle(t("devices.title"));
  useFollow("devices");
  const set = (next: DevicesSearch) => void navigate({ search: next, replace: true });
  const change = (part: { [K in keyof DevicesSearch]?: DevicesSearch[K] | undefined }) => {
    const next: Record<string, unknown> = { ...search, ...part };
    for (const [name, value] of Object.entries(next)) if (value === undefined || value === "") delete next[name];
    set(next as DevicesSearch);
  };
  const { q, rows } = search;
  return (
    <Page
      title={t("devices.title")}
      actions={
        mayAdd && (
          <Button component={Link} to="/devices/new" variant="default" c="var(--text)" leftSection={<Icon name="add" />}>
            {t("devices.add")}
          </Button>
        )
      }
      bar={<QueryBar key={q ?? ""} q={q ?? ""} ask={(next) => change({ q: next, rows: undefined })} />}
    >
      {q !== undefined && rows ? (
        <Answers key={q} q={q} back={() => change({ rows: undefined })} />
      ) : (
        <>
          <DeviceFilters search={search} change={change} />
          <Groups search={search} change={change} />
          <DeviceList search={search} change={change} clear={() => set({})} />
        </>
      )}
    </Page>
  );
}
