import { TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { WhichEntries } from "../../../api/audit";
import page from "../../../parts/page/Page.module.css";
import { asked, BEGINNING } from "./which";

const WAIT_MS = 250;

/** Narrows the record by who, what, on what and when. */
export function AuditFilters({ set }: { set: (which: WhichEntries) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(BEGINNING);
  const look = useDebouncedCallback((next: typeof typed) => set(asked(next)), WAIT_MS);
  const change = (part: Partial<typeof typed>) => {
    const next = { ...typed, ...part };
    setTyped(next);
    look(next);
  };
  return (
    <div className={page["bar"]} role="search">
      {(["actor", "deed", "subject"] as const).map((name) => (
        <TextInput
          key={name}
          size="xs"
          aria-label={t(`audit.${name}`)}
          placeholder={t(`audit.${name}`)}
          value={typed[name]}
          onChange={(event) => change({ [name]: event.currentTarget.value })}
        />
      ))}
      {(["from", "to"] as const).map((name) => (
        <TextInput key={name} size="xs" type="date" aria-label={t(`audit.${name}`)} value={typed[name]} onChange={(event) => change({ [name]: event.currentTarget.value })} />
      ))}
    </div>
  );
}
