import { Button, CloseButton, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../../parts/Icon";
import style from "./Devices.module.css";

const EXAMPLES = ["filesystems where used_percent > 90", "packages where name = 'openssl'", "services where active = 'failed'", "os"] as const;

interface Props {
  q: string;
  ask: (q: string) => void;
}

/** Asks a question about the facts of all devices. */
export function QueryBar({ q, ask }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState(q);
  return (
    <form
      className={style["query"]}
      onSubmit={(event) => {
        event.preventDefault();
        ask(text.trim());
      }}
    >
      <TextInput
        size="xs"
        className={style["box"] ?? ""}
        aria-label={t("query.label")}
        placeholder={t("query.placeholder")}
        leftSection={<Icon name="query" />}
        spellCheck={false}
        autoCapitalize="off"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        rightSection={q && <CloseButton size="sm" aria-label={t("query.clear")} onClick={() => ask("")} />}
      />
      <Button type="submit" variant="default">
        {t("query.ask")}
      </Button>
      {!q && (
        <div className={style["examples"]}>
          {t("query.examples")}
          {EXAMPLES.map((example) => (
            <button key={example} type="button" lang="en" onClick={() => ask(example)}>
              {example}
            </button>
          ))}
        </div>
      )}
    </form>
  );
}
