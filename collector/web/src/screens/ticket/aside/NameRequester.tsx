import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { personsQuery } from "../../../api/callers";
import { change, keepTicket, type Ticket } from "../../../api/tickets";
import { Icon } from "../../../parts/Icon";
import { ProblemLine } from "../../../parts/ProblemLine";
import style from "./Aside.module.css";

const WAIT_MS = 200;
/** As the collector takes it. */
const NAME_LENGTH = 200;

/** Says who asks: somebody of the directory, or a name alone. */
export function NameRequester({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState("");
  const name = text.trim();
  const [looked] = useDebouncedValue(name, WAIT_MS);
  const found = useQuery({ ...personsQuery(looked), enabled: isOpen && looked !== "" });
  const set = useMutation({
    mutationFn: (who: { requester: string } | { person: string }) => change.requester(ticket, who),
    onSuccess: (changed) => {
      keepTicket(changed);
      setOpen(false);
      setText("");
    },
  });
  const persons = looked === "" ? [] : (found.data?.items ?? []).filter(({ id }) => id !== ticket.person);
  if (!isOpen) {
    return (
      <Button variant="subtle" size="compact-xs" leftSection={<Icon name="person" size={14} />} onClick={() => setOpen(true)}>
        {t(ticket.requester === null ? "ticket.nameRequester" : "ticket.changeRequester")}
      </Button>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (name) set.mutate({ requester: name });
      }}
    >
      <TextInput
        autoFocus
        size="xs"
        maxLength={NAME_LENGTH}
        label={t("ticket.whoAsks")}
        description={t("ticket.whoAsksHelp")}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Escape" && setOpen(false)}
      />
      {set.isError && <ProblemLine failure={set.error} />}
      <div className={style["buttons"]}>
        {persons.map((person) => (
          <Button key={person.id} variant="default" leftSection={<Icon name="person" />} loading={set.isPending} onClick={() => set.mutate({ person: person.id })}>
            {[person.name, person.site].filter(Boolean).join(" · ")}
          </Button>
        ))}
        {name && (
          <Button type="submit" variant="subtle" loading={set.isPending}>
            {t("ticket.onlyName", { name })}
          </Button>
        )}
      </div>
    </form>
  );
}
