import { Modal, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../Icon";
import style from "./Palette.module.css";
import { useEntries } from "./entries";

const WAIT_MS = 180;

/** Finds tickets, devices, people and what can be done, by a few letters. */
export function Palette({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const [words, setWords] = useState("");
  const [looked] = useDebouncedValue(words.trim(), WAIT_MS);
  const { entries, isLooking } = useEntries(words.trim(), looked);
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  useEffect(() => {
    // Newer browsers give a promise, which is no way to end an effect.
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [at]);
  const chosen = Math.min(at, entries.length - 1);
  const run = (index: number) => {
    const entry = entries[index];
    if (!entry) return;
    close();
    entry.run();
  };
  const press = (event: React.KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setAt((chosen + step + entries.length) % Math.max(1, entries.length));
    else if (event.key === "Enter") run(chosen);
    else return;
    event.preventDefault();
  };
  return (
    <Modal.Root opened onClose={close} padding={0} size="36rem" yOffset="12vh" centered={false}>
      <Modal.Overlay />
      <Modal.Content aria-label={t("shell.search")}>
      <TextInput
        autoFocus
        data-autofocus
        variant="unstyled"
        className={style["box"]}
        leftSection={<Icon name="search" />}
        placeholder={t("palette.placeholder")}
        aria-label={t("shell.search")}
        role="combobox"
        aria-expanded
        aria-controls={id}
        aria-activedescendant={entries[chosen] ? `${id}-${chosen}` : undefined}
        value={words}
        onChange={(event) => {
          setWords(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={press}
      />
      <div ref={list} id={id} role="listbox" aria-label={t("palette.results")} className={style["list"]}>
        {entries.map((entry, index) => (
          <div
            key={entry.key}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            className={style["entry"]}
            onPointerMove={() => setAt(index)}
            onClick={() => run(index)}
          >
            <Icon name={entry.icon} />
            <span className={style["title"]}>{entry.title}</span>
            <span className={style["beside"]}>{entry.beside}</span>
          </div>
        ))}
      </div>
      <p className={style["foot"]} role="status">
        {entries.length === 0 && (isLooking ? t("common.loading") : t("palette.none"))}
        {entries.length > 0 && t("palette.count", { count: entries.length })}
      </p>
      </Modal.Content>
    </Modal.Root>
  );
}
