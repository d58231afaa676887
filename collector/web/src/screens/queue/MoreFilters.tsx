import { Checkbox, NativeSelect, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sitesQuery } from "../../api/sites";
import { duration } from "../../locales/format";
import type { Part } from "./Filters";
import { AssetFinder, DeviceFinder } from "./Finder";
import style from "./Queue.module.css";
import { PRIORITIES, TIERS, WAITING, type QueueSearch } from "./search";

/** Minutes. */
const WITHIN = [15, 30, 60, 240, 480, 1_440];
const PICKED = ["new", "waiting", "proposed", "resolved", "closed"] as const;

interface Props {
  search: QueueSearch;
  change: (part: Part) => void;
}

/** The filters that are wanted now and then. */
export function MoreFilters({ search, change }: Props) {
  const { t } = useTranslation();
  const sites = useQuery(sitesQuery);
  const isOpenOnly = !search.search && (search.state === undefined || !/resolved|closed|any/.test(search.state));
  const states = search.state?.split(",") ?? [];
  const pick = (state: string) => {
    const others = states.filter((one) => one !== "any");
    change({ state: (others.includes(state) ? others.filter((one) => one !== state) : [...others, state]).join(",") });
  };
  const within = search.due_within && !WITHIN.includes(search.due_within) ? [...WITHIN, search.due_within] : WITHIN;
  return (
    <div className={style["moreFilters"]}>
      <Choice label={t("queue.by.priority")} value={search.priority} set={(priority) => change({ priority })} data={PRIORITIES.map((value) => ({ value, label: t(`priority.${value}`) }))} />
      <Choice label={t("queue.by.tier")} value={search.tier} set={(tier) => change({ tier })} data={TIERS.map((value) => ({ value, label: t(`tier.${value}`) }))} />
      <Choice label={t("queue.by.site")} value={search.site} set={(site) => change({ site })} data={(sites.data?.items ?? []).map(({ name }) => ({ value: name, label: name }))} />
      <Choice
        label={t("queue.by.waiting_for")}
        value={search.waiting_for}
        set={(waiting) => change({ waiting_for: waiting })}
        data={WAITING.map((value) => ({ value, label: t(`queue.waitsFor.${value}`) }))}
      />
      <Choice
        label={t("queue.by.due_within")}
        value={search.due_within?.toString()}
        set={(minutes) => change({ due_within: Number(minutes) })}
        data={within.map((minutes) => ({ value: String(minutes), label: duration(minutes * 60) }))}
        isDisabled={!isOpenOnly}
      />
      <Words label={t("queue.by.tag")} isPlain value={search.tag ?? ""} set={(tag) => change({ tag })} />
      <Words label={t("queue.assignee")} value={search.assignee ?? ""} set={(assignee) => change({ assignee })} />
      <Words label={t("queue.by.watcher")} value={search.watcher ?? ""} set={(watcher) => change({ watcher })} />
      <DeviceFinder label={t("queue.by.device")} value={search.device} set={(device) => change({ device })} />
      <AssetFinder label={t("assets.one")} value={search.asset} set={(asset) => change({ asset })} />
      <fieldset className={style["states"]}>
        <legend>{t("queue.states")}</legend>
        {PICKED.map((state) => (
          <Checkbox key={state} size="xs" label={t(`state.${state}`)} checked={search.state === "any" || states.includes(state)} onChange={() => pick(state)} />
        ))}
      </fieldset>
    </div>
  );
}

interface ChoiceProps {
  label: string;
  value: string | undefined;
  set: (value: string) => void;
  data: { value: string; label: string }[];
  isDisabled?: boolean;
}

function Choice({ label, value = "", set, data, isDisabled = false }: ChoiceProps) {
  const { t } = useTranslation();
  const isKnown = value === "" || data.some((one) => one.value === value);
  return (
    <NativeSelect
      size="xs"
      label={label}
      disabled={isDisabled}
      value={value}
      onChange={(event) => set(event.currentTarget.value)}
      data={[{ value: "", label: t("queue.all") }, ...data, ...(isKnown ? [] : [{ value, label: value }])]}
    />
  );
}

interface WordsProps {
  label: string;
  value: string;
  set: (value: string) => void;
  /** Not the name of an account. */
  isPlain?: boolean;
}

/** Looked for once it is left or entered. Who looks and nobody have words of the reader's language. */
function Words({ label, value, set, isPlain = false }: WordsProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string>();
  const [was, setWas] = useState(value);
  if (was !== value) {
    setWas(value);
    setTyped(undefined);
  }
  const words: [string, string][] = isPlain ? [] : [["me", t("queue.myself")], ["nobody", t("queue.nobody").toLowerCase()]];
  const done = () => {
    const text = typed?.trim() ?? value;
    const [meant] = words.find(([, word]) => word === text.toLowerCase()) ?? [text];
    if (meant !== value) set(meant);
  };
  return (
    <TextInput
      size="xs"
      label={label}
      maxLength={100}
      placeholder={t("queue.all")}
      value={typed ?? words.find(([word]) => word === value)?.[1] ?? value}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={done}
      onKeyDown={(event) => event.key === "Enter" && done()}
    />
  );
}
