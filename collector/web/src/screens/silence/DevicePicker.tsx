import { MultiSelect } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { devicesQuery } from "../../api/devices";

const WAIT_MS = 200;

export interface Picked {
  id: string;
  hostname: string;
}

interface Props {
  value: readonly Picked[];
  set: (devices: Picked[]) => void;
}

/** Devices by their names, as the collector finds them. */
export function DevicePicker({ value, set }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [looked] = useDebouncedValue(text.trim(), WAIT_MS);
  const found = useQuery({ ...devicesQuery(looked), enabled: looked !== "" });
  const known = new Map([...value, ...(found.data?.items ?? [])].map((device) => [device.id, device.hostname]));
  return (
    <MultiSelect
      size="sm"
      searchable
      label={t("maintenance.devices")}
      placeholder={t("devices.column.hostname")}
      nothingFoundMessage={looked === "" ? t("maintenance.typeName") : t("ticket.noSuchDevice")}
      filter={({ options }) => options}
      data={[...known].map(([id, hostname]) => ({ value: id, label: hostname }))}
      value={value.map(({ id }) => id)}
      onChange={(ids) => set(ids.map((id) => ({ id, hostname: known.get(id) ?? id })))}
      searchValue={text}
      onSearchChange={setText}
    />
  );
}
