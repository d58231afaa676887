import { TagsInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { sitesQuery } from "../../../api/sites";

interface Props {
  value: string[];
  set: (sites: string[]) => void;
  label?: string;
  help?: string;
}

/** For which sites; none: for all. */
export function SiteField({ value, set, label, help }: Props) {
  const { t } = useTranslation();
  const sites = useQuery(sitesQuery);
  return (
    <TagsInput
      size="sm"
      label={label ?? t("accounts.sites")}
      description={help ?? t("accounts.sitesHelp")}
      data={sites.data?.items.map(({ name }) => name) ?? []}
      value={value}
      onChange={set}
    />
  );
}
