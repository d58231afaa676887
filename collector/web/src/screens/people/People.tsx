import { Button, FileButton, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { people, peopleQuery } from "../../api/people";
import { Failure } from "../../parts/Failure";
import { Icon } from "../../parts/Icon";
import { Loading } from "../../parts/Loading";
import { Notice } from "../../parts/Notice";
import { Page } from "../../parts/page/Page";
import page from "../../parts/page/Page.module.css";
import { Panel } from "../../parts/Panel";
import { ProblemLine } from "../../parts/ProblemLine";
import { DataTable } from "../../parts/table/DataTable";
import { useTitle } from "../../parts/title";
import { say } from "../../parts/toasts";
import { personColumns } from "./personColumns";
import { PersonForm } from "./PersonForm";

const WAIT_MS = 250;

/** The directory of those who may ask for help. */
export function People() {
  const { t } = useTranslation();
  const { search = "" } = useSearch({ from: "/inside/people" });
  const navigate = useNavigate({ from: "/people" });
  const [words, setWords] = useState(search);
  const [isNew, setNew] = useState(false);
  useTitle(t("people.title"));
  const look = useDebouncedCallback((text: string) => void navigate({ search: text.trim() ? { search: text.trim() } : {}, replace: true }), WAIT_MS);
  const list = useInfiniteQuery(peopleQuery(search));
  const pages = list.data?.pages;
  const persons = useMemo(() => pages?.flatMap((part) => part.items) ?? [], [pages]);
  const columns = useMemo(() => personColumns(t), [t]);
  const take = useMutation({
    mutationFn: async (file: File) => people.take(await file.text()),
    onSuccess: ({ added, changed, same }) => say(t("people.taken", { added, changed, same })),
  });
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return (
    <Page
      title={t("people.title")}
      sub={list.data && t(hasNextPage ? "people.first" : "people.count", { count: persons.length })}
      actions={
        <>
          <FileButton accept=".csv,text/csv" onChange={(file) => file && take.mutate(file)} inputProps={{ "aria-label": t("people.import") }}>
            {(pick) => (
              <Button {...pick} variant="default" loading={take.isPending} leftSection={<Icon name="upload" />}>
                {t("people.import")}
              </Button>
            )}
          </FileButton>
          <Button leftSection={<Icon name="add" />} onClick={() => setNew(true)}>
            {t("people.add")}
          </Button>
        </>
      }
    >
      <div className={page["bar"]} role="search">
        <TextInput
          size="xs"
          className={page["grow"]}
          aria-label={t("people.search")}
          placeholder={t("people.search")}
          leftSection={<Icon name="search" />}
          value={words}
          onChange={(event) => {
            setWords(event.currentTarget.value);
            look(event.currentTarget.value);
          }}
        />
      </div>
      {take.isError && <ProblemLine failure={take.error} />}
      {list.isPending && <Loading lines={10} />}
      {list.isError && !list.data && <Failure failure={list.error} again={() => void list.refetch()} />}
      {list.data && persons.length === 0 && (
        <Notice icon="person" title={t(search ? "people.noneFound" : "people.none")}>
          <p>{t("people.noneText")}</p>
        </Notice>
      )}
      {persons.length > 0 && (
        <DataTable
          label={t("people.title")}
          columns={columns}
          rows={persons}
          keyOf={({ id }) => id}
          open={({ id }) => void navigate({ to: "/people/$id", params: { id } })}
          onEnd={more}
          isPart={hasNextPage}
        />
      )}
      {isNew && (
        <Panel title={t("people.add")} close={() => setNew(false)}>
          <PersonForm person={undefined} done={({ id }) => void navigate({ to: "/people/$id", params: { id } })} />
        </Panel>
      )}
    </Page>
  );
}
