import { TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { callersQuery, type Caller } from "../../api/callers";
import { Failure } from "../../parts/Failure";
import { Icon } from "../../parts/Icon";
import { Loading } from "../../parts/Loading";
import { Notice } from "../../parts/Notice";
import { useTitle } from "../../parts/title";
import style from "./Call.module.css";
import { CallerCard } from "./CallerCard";
import { OpenForm } from "./OpenForm";

const WAIT_MS = 150;
const FEWEST_LETTERS = 2;

/** Somebody is on the telephone: who they are, what they have, and a ticket for them. */
export function Call() {
  const { t } = useTranslation();
  const { number = "" } = useSearch({ from: "/inside/call" });
  const [asked, setAsked] = useState(number);
  const [looked] = useDebouncedValue(asked.trim(), WAIT_MS);
  const [chosenAt, setChosenAt] = useState(0);
  const [device, setDevice] = useState<string>();
  const problem = useRef<HTMLInputElement>(null);
  const isAsked = looked.length >= FEWEST_LETTERS;
  const found = useQuery({ ...callersQuery(looked), enabled: isAsked });
  const callers = isAsked ? (found.data?.items ?? []) : [];
  const chosen = callers[Math.min(chosenAt, callers.length - 1)];
  useTitle(t("call.title"));
  const choose = (at: number, to?: string) => {
    setChosenAt(at);
    setDevice(to);
  };
  const press = (event: React.KeyboardEvent) => {
    if (event.key === "Enter") problem.current?.focus();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || callers.length === 0) return;
    event.preventDefault();
    choose((chosenAt + step + callers.length) % callers.length);
  };
  return (
    <div className={style["call"]}>
      <section className={style["who"]} aria-labelledby="who">
        <h1 id="who">{t("call.title")}</h1>
        <TextInput
          autoFocus
          size="md"
          value={asked}
          label={t("call.who")}
          description={t("call.whoHelp")}
          leftSection={<Icon name="phone" />}
          onKeyDown={press}
          onChange={(event) => {
            setAsked(event.currentTarget.value);
            choose(0);
          }}
        />
        {found.isError && isAsked && <Failure failure={found.error} isSmall />}
        {found.isFetching && callers.length === 0 && <Loading />}
        {found.data && isAsked && callers.length === 0 && (
          <Notice icon="person" title={t("call.nobody")} isSmall>
            <p>{t("call.nobodyText")}</p>
          </Notice>
        )}
        <ul className={style["callers"]} aria-label={t("call.found")}>
          {callers.map((caller, at) => (
            <CallerCard
              key={keyOf(caller)}
              caller={caller}
              isChosen={caller === chosen}
              device={caller === chosen ? (device ?? clear(caller)) : undefined}
              choose={(to) => choose(at, to)}
            />
          ))}
        </ul>
      </section>
      <OpenForm
        problem={problem}
        person={chosen?.person?.id}
        requester={chosen?.person?.name ?? (chosen ? "" : named(asked))}
        site={chosen?.person?.site ?? chosen?.asset?.site}
        asset={chosen?.asset?.id}
        device={chosen ? (device ?? clear(chosen)) : undefined}
      />
    </div>
  );
}

function keyOf(caller: Caller): string {
  return caller.person?.id ?? caller.asset?.id ?? caller.devices[0]?.id ?? "";
}

/** The device that the call is about, as far as that is clear. */
function clear(caller: Caller): string | undefined {
  return caller.device ?? (caller.devices.length === 1 ? caller.devices[0]?.id : undefined);
}

/** What was typed, if it may be a name. */
function named(asked: string): string {
  return /\p{L}/u.test(asked) ? asked.trim() : "";
}
