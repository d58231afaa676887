import { Button } from "@mantine/core";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Icon } from "../../parts/Icon";
import { Page } from "../../parts/page/Page";
import { useTitle } from "../../parts/title";
import { Answers } from "./Answers";
import { DeviceFilters } from "./DeviceFilters";
import { DeviceList } from "./DeviceList";
import { QueryBar } from "./QueryBar";
import type { DevicesSearch } from "./search";

/** All devices, and what is asked about all of them. */
export function Devices() {
  const { t } = useTranslation();
  const search: DevicesSearch = useSearch({ from: "/inside/devices" });
  const navigate = useNavigate({ from: "/devices" });
  useTitle(t("devices.title"));
  const set = (next: DevicesSearch) => void navigate({ search: next, replace: true });
  const { q } = search;
  return (
    <Page
      title={t("devices.title")}
      actions={
        <Button component={Link} to="/devices/new" variant="default" c="var(--text)" leftSection={<Icon name="add" />}>
          {t("devices.add")}
        </Button>
      }
      bar={<QueryBar key={q ?? ""} q={q ?? ""} ask={(next) => set(next ? { q: next } : {})} />}
    >
      {q === undefined && <DeviceFilters search={search} set={set} />}
      {q === undefined ? <DeviceList key={JSON.stringify(search)} search={search} clear={() => set({})} /> : <Answers key={q} q={q} />}
    </Page>
  );
}
