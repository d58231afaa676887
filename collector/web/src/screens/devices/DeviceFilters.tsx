import { Checkbox, NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { deviceListQuery } from "../../api/devices";
import { sitesQuery } from "../../api/sites";
import { Icon } from "../../parts/Icon";
import page from "../../parts/page/Page.module.css";
import style from "./Devices.module.css";
import { asked, STATUSES, type DevicesSearch } from "./search";

const WAIT_MS = 250;

interface Props {
  search: DevicesSearch;
  set: (next: DevicesSearch) => void;
}

export function DeviceFilters({ search, set }: Props) {
  const { t } = useTranslation();
  const sites = useQuery(sitesQuery);
  const read = useInfiniteQuery(deviceListQuery(asked(search))).data?.pages.flatMap((part) => part.items) ?? [];
  const systems = new Set([...read.map(({ os }) => os), ...(search.os ? [search.os] : [])]);
  const [text, setText] = useState(search.text ?? "");
  const change = (part: { [K in keyof DevicesSearch]?: DevicesSearch[K] | undefined }) => {
    const next: Record<string, unknown> = { ...search, ...part };
    for (const [name, value] of Object.entries(next)) if (value === undefined || value === "") delete next[name];
    set(next as DevicesSearch);
  };
  const look = useDebouncedCallback((words: string) => change({ text: words.trim() }), WAIT_MS);
  const link = { yes: true, no: false, any: undefined } as const;
  const linkName = search.connected === undefined ? "any" : search.connected ? "yes" : "no";
  return (
    <div className={style["filters"]} role="search">
      <TextInput
        size="xs"
        className={page["grow"]}
        aria-label={t("devices.search")}
        placeholder={t("devices.search")}
        leftSection={<Icon name="search" />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          look(event.currentTarget.value);
        }}
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
        data={[{ value: "", label: t("devices.anySite") }, ...(sites.data?.items.map(({ name }) => name) ?? [])]}
      />
      {systems.size > 1 && (
        <NativeSelect
          size="xs"
          aria-label={t("devices.column.os")}
          value={search.os ?? ""}
          onChange={(event) => change({ os: event.currentTarget.value })}
          data={[{ value: "", label: t("devices.anySystem") }, ...[...systems].toSorted()]}
        />
      )}
      <Checkbox size="xs" label={t("devices.removed")} checked={search.removed ?? false} onChange={(event) => change({ removed: event.currentTarget.checked || undefined })} />
    </div>
  );
}
