import { Checkbox, NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { deviceCountsQuery } from "../../api/devices";
import { Icon } from "../../parts/Icon";
import page from "../../parts/page/Page.module.css";
import style from "./Devices.module.css";
import { narrowed, STATUSES, without, type DevicesSearch } from "./search";

const WAIT_MS = 250;

interface Props {
  search: DevicesSearch;
  change: (part: { [K in keyof DevicesSearch]?: DevicesSearch[K] | undefined }) => void;
}

/** What is typed, and what was looked for then: once that is another, the address has the words. */
interface Typed {
  text: string;
  since: string | undefined;
}

export function DeviceFilters({ search, change }: Props) {
  const { t } = useTranslation();
  const which = narrowed(search);
  const sites = useQuery(deviceCountsQuery(without(which, "site"))).data?.sites;
  const systems = useQuery(deviceCountsQuery(without(which, "os"))).data?.os;
  const [typed, setTyped] = useState<Typed>();
  const words = typed && typed.since === search.text ? typed.text : (search.text ?? "");
  const look = useDebouncedCallback((text: string) => change({ text: text.trim() }), WAIT_MS);
  const link = { yes: true, no: false, any: undefined } as const;
  const linkName = search.connected === undefined ? "any" : search.connected ? "yes" : "no";
  return (
    <div className={style["filters"]} role="search">
      <TextInput
        size="xs"
        data-search
        className={page["grow"]}
        aria-label={t("devices.search")}
        placeholder={t("devices.search")}
        leftSection={<Icon name="search" />}
        value={words}
        onChange={(event) => {
          setTyped({ text: event.currentTarget.value, since: search.text });
          look(event.currentTarget.value);
        }}
        onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
      />
      <NativeSelect
        size="xs"
        aria-label={t("devices.column.status")}
        value={search.status ?? ""}
        onChange={(event) => change({ status: STATUSES.find((one) => one === event.currentTarget.value) })}
        data={[{ value: "", label: t("devices.anyStatus") }, ...STATUSES.map((value) => ({ value, label: t(`status.${value}`) }))]}
      />
      <NativeSelect
        size="xs"
        aria-label={t("devices.link")}
        value={linkName}
        onChange={(event) => change({ connected: link[event.currentTarget.value as keyof typeof link] })}
        data={(["any", "yes", "no"] as const).map((value) => ({ value, label: t(`devices.linked.${value}`) }))}
      />
      <NativeSelect
        size="xs"
        aria-label={t("devices.column.site")}
        value={search.site ?? ""}
        onChange={(event) => change({ site: event.currentTarget.value })}
        data={[{ value: "", label: t("devices.anySite") }, ...names(sites, search.site)]}
      />
      <NativeSelect
        size="xs"
        aria-label={t("devices.column.os")}
        value={search.os ?? ""}
        onChange={(event) => change({ os: event.currentTarget.value })}
        data={[{ value: "", label: t("devices.anySystem") }, ...names(systems, search.os)]}
      />
      <Checkbox size="xs" label={t("devices.removed")} checked={search.removed ?? false} onChange={(event) => change({ removed: event.currentTarget.checked || undefined })} />
    </div>
  );
}

/** In the order of their names; what is chosen is among them. */
function names(groups: { name: string }[] | undefined, chosen: string | undefined): string[] {
  const known = (groups ?? []).map(({ name }) => name).filter(Boolean);
  return [...new Set([...known, ...(chosen ? [chosen] : [])])].toSorted((a, b) => a.localeCompare(b));
}
