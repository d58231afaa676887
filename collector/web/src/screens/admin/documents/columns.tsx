import { Button } from "@mantine/core";
import type { TFunction } from "i18next";
import type { Kept } from "../../../api/documents";
import { TimeAgo } from "../../../parts/TimeAgo";
import type { ListColumn } from "../List";

/** Who has changed it and when, and a way to change it. */
export function changedColumns(t: TFunction, open: (kept: Kept) => void): ListColumn<Kept>[] {
  return [
    {
      title: t("documents.changed"),
      show: ({ changed_at, changed_by }) => (
        <>
          {changed_by} <TimeAgo at={changed_at} />
        </>
      ),
    },
    {
      title: t("admin.actions"),
      isActions: true,
      show: (kept) => (
        <Button variant="subtle" size="compact-xs" aria-label={`${t("admin.change")}: ${kept.name}`} onClick={() => open(kept)}>
          {t("admin.change")}
        </Button>
      ),
    },
  ];
}
