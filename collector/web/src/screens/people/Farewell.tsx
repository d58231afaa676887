import { Button, Checkbox, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { people, type Person } from "../../api/people";
import { Confirm } from "../../parts/Confirm";
import { save } from "../../parts/save";
import page from "../../parts/page/Page.module.css";
import { Panel } from "../../parts/Panel";
import { ProblemLine } from "../../parts/ProblemLine";
import { say } from "../../parts/toasts";

/** What somebody may ask for about themselves: all that is known, leaving the directory, being erased. */
export function Farewell({ person }: { person: Person }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [over, setOver] = useState<"remove" | "erase">();
  const [name, setName] = useState("");
  const [words, setWords] = useState(false);
  const away = () => void navigate({ to: "/people" });
  const fetchAll = useMutation({
    mutationFn: () => people.everything(person.id),
    onSuccess: (all) => save(`${person.name}.json`, new Blob([JSON.stringify(all, null, 2)], { type: "application/json" })),
  });
  const remove = useMutation({ mutationFn: () => people.remove(person.id), onSuccess: away });
  const erase = useMutation({
    mutationFn: () => people.erase(person.id, name, words),
    onSuccess: ({ pseudonym, tickets }) => {
      say(t("people.erased", { pseudonym, count: tickets.length }));
      away();
    },
  });
  return (
    <section className={page["card"]}>
      <h2>{t("people.rights")}</h2>
      <div className={page["buttons"]}>
        <Button variant="default" loading={fetchAll.isPending} onClick={() => fetchAll.mutate()}>
          {t("people.everything")}
        </Button>
        <Button variant="default" onClick={() => setOver("remove")}>
          {t("people.remove")}
        </Button>
        <Button variant="default" onClick={() => setOver("erase")}>
          {t("people.erase")}
        </Button>
      </div>
      {fetchAll.isError && <ProblemLine failure={fetchAll.error} />}
      {over === "remove" && (
        <Confirm
          title={t("people.removeTitle", { name: person.name })}
          text={t("people.removeText")}
          does={t("people.remove")}
          isBusy={remove.isPending}
          failure={remove.error}
          run={() => remove.mutate()}
          close={() => setOver(undefined)}
        />
      )}
      {over === "erase" && (
        <Panel title={t("people.eraseTitle", { name: person.name })} close={() => setOver(undefined)}>
          <form
            className={page["stack"]}
            onSubmit={(event) => {
              event.preventDefault();
              erase.mutate();
            }}
          >
            <p className={page["plain"]}>{t("people.eraseText")}</p>
            <TextInput data-autofocus required label={t("people.eraseName", { name: person.name })} value={name} onChange={(event) => setName(event.currentTarget.value)} />
            <Checkbox label={t("people.eraseWords")} checked={words} onChange={(event) => setWords(event.currentTarget.checked)} />
            {erase.isError && <ProblemLine failure={erase.error} />}
            <Button type="submit" color="red" disabled={name !== person.name} loading={erase.isPending}>
              {t("people.erase")}
            </Button>
          </form>
        </Panel>
      )}
    </section>
  );
}
