import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import { meQuery } from "../../api/session";
import { Icon } from "../../parts/Icon";
import style from "./Queue.module.css";
import { CHOICES, type QueueSearch } from "./search";

const WAIT_MS = 250;

interface Props {
  search: QueueSearch;
  set: (next: QueueSearch) => void;
  box: RefObject<HTMLInputElement | null>;
}

/** What is typed, and what was looked for then: once that is another, the address has the words. */
interface Typed {
  text: string;
  since: string | undefined;
}

export function Filters({ search, set, box }: Props) {
  const { t } = useTranslation();
  const { data: me } = useSuspenseQuery(meQuery);
  const [typed, setTyped] = useState<Typed>();
  const words = typed && typed.since === search.search ? typed.text : (search.search ?? "");
  const change = (part: { [K in keyof QueueSearch]?: string }) => {
    const next: Record<string, unknown> = { ...search, ...part };
    for (const [name, value] of Object.entries(next)) if (!value) delete next[name];
    set(next as QueueSearch);
  };
  const look = useDebouncedCallback((text: string) => change({ search: text.trim() ? text : "" }), WAIT_MS);
  const marks = (["tag", "watcher", "device"] as const).filter((name) => search[name]);
  return (
    <div className={style["filters"]} role="search">
      <TextInput
        ref={box}
        size="xs"
        className={style["search"]}
        value={words}
        aria-label={t("queue.search")}
        placeholder={t("queue.search")}
        leftSection={<Icon name="search" />}
        onChange={(event) => {
          setTyped({ text: event.currentTarget.value, since: search.search });
          look(event.currentTarget.value);
        }}
        onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
      />
      <NativeSelect
        size="xs"
        aria-label={t("queue.state")}
        value={search.state ?? ""}
        onChange={(event) => change({ state: event.currentTarget.value })}
        data={[{ value: "", label: t("queue.of.open") }, ...CHOICES.map((value) => ({ value, label: t(`queue.of.${value}`) }))]}
      />
      <NativeSelect
        size="xs"
        aria-label={t("queue.assignee")}
        value={search.assignee ?? ""}
        onChange={(event) => change({ assignee: event.currentTarget.value })}
        data={[
          { value: "", label: t("queue.anybody") },
          { value: me.name, label: t("queue.me", { name: me.name }) },
          ...(search.assignee && search.assignee !== me.name ? [{ value: search.assignee, label: search.assignee }] : []),
        ]}
      />
      {!search.search && (
        <NativeSelect
          size="xs"
          aria-label={t("queue.orderBy")}
          value={search.order ?? ""}
          onChange={(event) => change({ order: event.currentTarget.value })}
          data={[
            { value: "", label: t("queue.order.due") },
            { value: "newest", label: t("queue.order.newest") },
          ]}
        />
      )}
      {marks.map((name) => (
        <Button
          key={name}
          variant="light"
          className={style["chip"]}
          rightSection={<Icon name="close" size={13} />}
          aria-label={t("queue.without", { what: `${t(`queue.by.${name}`)} ${search[name]}` })}
          onClick={() => change({ [name]: "" })}
        >
          {t(`queue.by.${name}`)} {search[name]}
        </Button>
      ))}
    </div>
  );
}
