import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { assetQuery } from "../../api/assets";
import { deviceQuery } from "../../api/devices";
import { Icon } from "../../parts/Icon";
import type { Part } from "./Filters";
import style from "./Queue.module.css";
import type { QueueSearch } from "./search";
import { MARKS, markText } from "./words";

interface Props {
  search: QueueSearch;
  change: (part: Part) => void;
}

/** What the list is filtered by, each to be taken away with one click. */
export function Chips({ search, change }: Props) {
  const { t } = useTranslation();
  const device = useQuery({ ...deviceQuery(search.device ?? ""), enabled: search.device !== undefined });
  const asset = useQuery({ ...assetQuery(search.asset ?? ""), enabled: search.asset !== undefined });
  const names = new Map([
    [search.device, device.data?.hostname],
    [search.asset, asset.data?.name],
  ]);
  const marks = MARKS.filter((name) => search[name]);
  if (marks.length === 0) return null;
  return (
    <ul className={style["chips"]} aria-label={t("queue.filteredBy")}>
      {marks.map((name) => {
        const text = markText(t, search, name, (id) => names.get(id) ?? id.slice(0, 8));
        return (
          <li key={name}>
            <Button
              variant="light"
              size="compact-xs"
              rightSection={<Icon name="close" size={13} />}
              aria-label={t("queue.without", { what: `${t(`queue.by.${name}`)} ${text}` })}
              onClick={() => change({ [name]: "" })}
            >
              {t(`queue.by.${name}`)} {text}
            </Button>
          </li>
        );
      })}
      <li>
        <Button variant="subtle" size="compact-xs" onClick={() => change(Object.fromEntries(marks.map((name) => [name, ""])))}>
          {t("queue.withoutAll")}
        </Button>
      </li>
    </ul>
  );
}
