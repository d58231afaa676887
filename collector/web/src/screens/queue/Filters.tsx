import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import { meQuery } from "../../api/session";
import { Icon } from "../../parts/Icon";
import { useKeys } from "../../parts/keys";
import { Chips } from "./Chips";
import { MoreFilters } from "./MoreFilters";
import style from "./Queue.module.css";
import { CHOICES, fitting, hasOrders, order, type QueueSearch } from "./search";
import { statesTitle } from "./words";

const WAIT_MS = 250;

/** Parts of a search; what is empty is taken away. */
export type Part = { [K in keyof QueueSearch]?: string | number };

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

/** What the list is filtered by: words, state and whose at once, the rest on demand; what is set always shows. */
export function Filters({ search, set, box }: Props) {
  const { t } = useTranslation();
  const { data: me } = useSuspenseQuery(meQuery);
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState<Typed>();
  const words = typed && typed.since === search.search ? typed.text : (search.search ?? "");
  const change = (part: Part) => {
    const next: Record<string, unknown> = { ...search, ...part };
    for (const [name, value] of Object.entries(next)) if (!value) delete next[name];
    set(fitting(next as QueueSearch));
  };
  const look = useDebouncedCallback((text: string) => change({ search: text.trim() ? text : "" }), WAIT_MS);
  useKeys(t("keys.ofFilters"), [{ key: "f", says: t("keys.filters"), run: () => setOpen(!isOpen) }]);
  const { state = "", assignee = "" } = search;
  const choices: string[] = [...CHOICES];
  return (
    <div className={style["filters"]} role="search">
      <div className={style["filterRow"]}>
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
          value={state}
          onChange={(event) => change({ state: event.currentTarget.value })}
          data={[
            { value: "", label: t("queue.of.unresolved") },
            ...CHOICES.map((value) => ({ value, label: t(`queue.of.${value}`) })),
            ...(state && !choices.includes(state) ? [{ value: state, label: statesTitle(t, state) }] : []),
          ]}
        />
        <NativeSelect
          size="xs"
          aria-label={t("queue.assignee")}
          value={assignee === me.name ? "me" : assignee}
          onChange={(event) => change({ assignee: event.currentTarget.value })}
          data={[
            { value: "", label: t("queue.anybody") },
            { value: "me", label: t("queue.me", { name: me.name }) },
            { value: "nobody", label: t("queue.nobody") },
            ...(assignee && !["me", "nobody", me.name].includes(assignee) ? [{ value: assignee, label: assignee }] : []),
          ]}
        />
        {order(search) !== "fit" && (
          <NativeSelect
            size="xs"
            aria-label={t("queue.orderBy")}
            value={order(search) === "newest" ? "newest" : ""}
            disabled={!hasOrders(search)}
            onChange={(event) => change({ order: event.currentTarget.value })}
            data={[
              { value: "", label: t("queue.order.due") },
              { value: "newest", label: t("queue.order.newest") },
            ]}
          />
        )}
        <Button
          variant="default"
          aria-expanded={isOpen}
          leftSection={<Icon name="filter" />}
          rightSection={<Icon name={isOpen ? "up" : "down"} size={13} />}
          onClick={() => setOpen(!isOpen)}
        >
          {t("queue.filters")}
        </Button>
      </div>
      {isOpen && <MoreFilters search={search} change={change} />}
      <Chips search={search} change={change} />
    </div>
  );
}
