import type { TFunction } from "i18next";
import type { Asset } from "../../api/assets";
import { Mark } from "../../parts/Mark";
import type { Column } from "../../parts/table/columns";

export function assetColumns(t: TFunction): Column<Asset>[] {
  return [
    { name: "name", title: t("documents.name"), text: ({ name }) => name },
    { name: "kind", title: t("assets.kind"), text: ({ kind }) => t(`assets.kinds.${kind}`) },
    { name: "place", title: t("assets.place"), text: ({ place }) => place ?? "" },
    { name: "address", title: t("assets.address"), text: ({ address, port }) => [address, port].filter(Boolean).join(":") },
    { name: "model", title: t("assets.model"), text: ({ model }) => model ?? "" },
    { name: "serial", title: t("assets.serial"), text: ({ serial }) => serial ?? "" },
    { name: "site", title: t("tokens.site"), text: ({ site }) => site },
    {
      name: "standing",
      title: t("assets.standing"),
      text: ({ removed_at }) => (removed_at ? t("assets.isRemoved") : t("assets.isThere")),
      show: ({ removed_at }) => (removed_at ? <Mark icon="closed" tone="unknown" label={t("assets.isRemoved")} /> : t("assets.isThere")),
    },
  ];
}
