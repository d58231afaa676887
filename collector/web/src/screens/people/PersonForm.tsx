import { Autocomplete, Button, NativeSelect, TagsInput, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";
import { people, type Person } from "../../api/people";
import { sitesQuery } from "../../api/sites";
import page from "../../parts/page/Page.module.css";
import { ProblemLine } from "../../parts/ProblemLine";

interface Props {
  /** None: it is a new one. */
  person: Person | undefined;
  done: (person: Person) => void;
}

/** Who somebody is and how they are reached. */
export function PersonForm({ person, done }: Props) {
  const { t } = useTranslation();
  const sites = useQuery(sitesQuery);
  const [value, setValue] = useState({
    name: person?.name ?? "",
    phones: person?.phones ?? [],
    mails: person?.mails ?? [],
    group: person?.group ?? "",
    site: person?.site ?? "",
    language: person?.language ?? "",
    note: person?.note ?? "",
  });
  const set = (part: Partial<typeof value>) => setValue({ ...value, ...part });
  const save = useMutation({
    mutationFn: () => {
      const { language, group, site, ...rest } = value;
      const lang: Person["language"] = language === "en" || language === "fr" ? language : null;
      const body: Schemas["AskPerson"] = { ...rest, group: group.trim() || null, language: lang, ...(site.trim() && { site: site.trim() }) };
      return person ? people.set(person.id, { ...body, version: person.version }) : people.add(body);
    },
    onSuccess: done,
  });
  return (
    <form
      className={page["stack"]}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <TextInput data-autofocus required maxLength={200} label={t("people.name")} value={value.name} onChange={(event) => set({ name: event.currentTarget.value })} />
      <TagsInput size="sm" label={t("person.phone")} description={t("people.severalHelp")} value={value.phones} onChange={(phones) => set({ phones })} />
      <TagsInput size="sm" label={t("person.mail")} description={t("people.severalHelp")} value={value.mails} onChange={(mails) => set({ mails })} />
      <TextInput maxLength={100} label={t("people.group")} value={value.group} onChange={(event) => set({ group: event.currentTarget.value })} />
      <Autocomplete size="sm" label={t("tokens.site")} data={sites.data?.items.map(({ name }) => name) ?? []} value={value.site} onChange={(site) => set({ site })} />
      <NativeSelect
        label={t("people.language")}
        value={value.language}
        onChange={(event) => set({ language: event.currentTarget.value })}
        data={[{ value: "", label: t("people.anyLanguage") }, ...(["en", "fr"] as const).map((lang) => ({ value: lang, label: t(`language.${lang}`) }))]}
      />
      <Textarea autosize minRows={2} maxLength={2_000} label={t("person.note")} value={value.note} onChange={(event) => set({ note: event.currentTarget.value })} />
      {save.isError && <ProblemLine failure={save.error} />}
      <Button type="submit" loading={save.isPending}>
        {t("admin.save")}
      </Button>
    </form>
  );
}
