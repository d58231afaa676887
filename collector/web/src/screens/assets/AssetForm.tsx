import { Button, NativeSelect, NumberInput, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { assets, KINDS, type AskAsset, type Asset, type AssetKind } from "../../api/assets";
import { sitesQuery } from "../../api/sites";
import page from "../../parts/page/Page.module.css";
import { ProblemLine } from "../../parts/ProblemLine";

interface Props {
  /** None: it is a new one. */
  asset: Asset | undefined;
  done: (asset: Asset) => void;
}

const MOST_PORT = 65_535;

/** What a thing is, where it stands and at which address it can be looked for. */
export function AssetForm({ asset, done }: Props) {
  const { t } = useTranslation();
  const sites = useQuery(sitesQuery);
  const [value, setValue] = useState({
    kind: asset?.kind ?? ("printer" as AssetKind),
    name: asset?.name ?? "",
    model: asset?.model ?? "",
    serial: asset?.serial ?? "",
    place: asset?.place ?? "",
    address: asset?.address ?? "",
    port: asset?.port ?? ("" as number | string),
    note: asset?.note ?? "",
    site: asset?.site ?? "",
  });
  const set = (part: Partial<typeof value>) => setValue({ ...value, ...part });
  const save = useMutation({
    mutationFn: () => {
      const { kind, name, note, site, port } = value;
      const texts = Object.fromEntries((["model", "serial", "place", "address"] as const).map((field) => [field, value[field].trim() || null]));
      const body: AskAsset = { kind, name: name.trim(), note: note.trim(), ...texts, port: port === "" ? null : Number(port) };
      if (asset) return assets.set(asset.id, { ...body, version: asset.version });
      return assets.add({ ...body, ...(site && { site }) });
    },
    onSuccess: done,
  });
  const text = (field: "model" | "serial" | "place") => (
    <TextInput maxLength={200} label={t(`assets.${field}`)} value={value[field]} onChange={(event) => set({ [field]: event.currentTarget.value })} />
  );
  return (
    <form
      className={page["stack"]}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <TextInput data-autofocus required maxLength={200} label={t("documents.name")} value={value.name} onChange={(event) => set({ name: event.currentTarget.value })} />
      <NativeSelect
        label={t("assets.kind")}
        value={value.kind}
        onChange={(event) => set({ kind: event.currentTarget.value as AssetKind })}
        data={KINDS.map((kind) => ({ value: kind, label: t(`assets.kinds.${kind}`) }))}
      />
      {!asset && (
        <NativeSelect
          label={t("tokens.site")}
          value={value.site}
          onChange={(event) => set({ site: event.currentTarget.value })}
          data={[{ value: "", label: t("assets.firstSite") }, ...(sites.data?.items.map(({ name }) => name) ?? [])]}
        />
      )}
      {text("place")}
      <TextInput
        maxLength={253}
        label={t("assets.address")}
        description={t("assets.addressHelp")}
        value={value.address}
        onChange={(event) => set({ address: event.currentTarget.value })}
      />
      <NumberInput
        size="sm"
        hideControls
        allowDecimal={false}
        allowNegative={false}
        min={1}
        max={MOST_PORT}
        clampBehavior="none"
        label={t("assets.port")}
        description={t("assets.portHelp")}
        value={value.port}
        onChange={(port) => set({ port })}
      />
      {text("model")}
      {text("serial")}
      <Textarea autosize minRows={2} maxLength={2_000} label={t("assets.note")} value={value.note} onChange={(event) => set({ note: event.currentTarget.value })} />
      {save.isError && <ProblemLine failure={save.error} />}
      <Button type="submit" loading={save.isPending}>
        {t(asset ? "admin.save" : "assets.add")}
      </Button>
    </form>
  );
}
