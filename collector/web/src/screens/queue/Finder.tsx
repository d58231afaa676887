import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { assetQuery, foundAssetsQuery } from "../../api/assets";
import { deviceQuery, devicesQuery } from "../../api/devices";

const WAIT_MS = 200;

interface Props {
  label: string;
  /** Id of what is chosen. */
  value: string | undefined;
  set: (id: string) => void;
}

interface Found {
  id: string;
  name: string;
}

/** A device by its name, as the collector finds it. */
export function DeviceFinder(props: Props) {
  const [text, setText] = useState("");
  const [looked] = useDebouncedValue(text.trim(), WAIT_MS);
  const found = useQuery({ ...devicesQuery(looked), enabled: looked !== "" });
  const known = useQuery({ ...deviceQuery(props.value ?? ""), enabled: props.value !== undefined });
  const all = [...(known.data ? [known.data] : []), ...(found.data?.items ?? [])];
  return <Finder {...props} text={text} setText={setText} all={all.map(({ id, hostname }) => ({ id, name: hostname }))} />;
}

/** A thing without an agent by its name, place or model. */
export function AssetFinder(props: Props) {
  const [text, setText] = useState("");
  const [looked] = useDebouncedValue(text.trim(), WAIT_MS);
  const found = useQuery({ ...foundAssetsQuery(looked), enabled: looked !== "" });
  const known = useQuery({ ...assetQuery(props.value ?? ""), enabled: props.value !== undefined });
  const all = [...(known.data ? [known.data] : []), ...(found.data?.items ?? [])];
  return <Finder {...props} text={text} setText={setText} all={all} />;
}

interface FinderProps extends Props {
  text: string;
  setText: (text: string) => void;
  all: readonly Found[];
}

function Finder({ label, value, set, text, setText, all }: FinderProps) {
  const { t } = useTranslation();
  const names = new Map(all.map(({ id, name }) => [id, name]));
  return (
    <Select
      size="xs"
      searchable
      clearable
      clearButtonProps={{ "aria-label": t("queue.without", { what: label }), size: "sm" }}
      label={label}
      placeholder={t("queue.all")}
      nothingFoundMessage={t(text === "" ? "maintenance.typeName" : "palette.none")}
      filter={({ options }) => options}
      data={[...names].map(([id, name]) => ({ value: id, label: name }))}
      value={value ?? null}
      onChange={(id) => set(id ?? "")}
      searchValue={text}
      onSearchChange={setText}
    />
  );
}
