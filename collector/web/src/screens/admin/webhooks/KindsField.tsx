import { MultiSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { EVENT_KINDS } from "./kinds";

interface Props {
  value: string[];
  set: (kinds: string[]) => void;
}

/** Of which events; none: of all. One that this console does not know stays. */
export function KindsField({ value, set }: Props) {
  const { t } = useTranslation();
  const known: string[] = EVENT_KINDS;
  return (
    <MultiSelect
      size="sm"
      searchable
      clearable
      clearButtonProps={{ "aria-label": t("queue.withoutAll") }}
      label={t("webhooks.kinds")}
      description={t("webhooks.kindsHelp")}
      data={[...EVENT_KINDS.map((kind) => ({ value: kind as string, label: t(`kinds.${kind}`) })), ...value.filter((kind) => !known.includes(kind))]}
      value={value}
      onChange={set}
    />
  );
}
