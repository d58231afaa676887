import { Button, Checkbox, Modal, NativeSelect, TextInput } from "@mantine/core";
import { useMutation, useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { meQuery } from "../../api/session";
import { sitesQuery } from "../../api/sites";
import { views, type SavedView } from "../../api/views";
import page from "../../parts/page/Page.module.css";
import { ProblemLine } from "../../parts/ProblemLine";
import type { QueueSearch } from "./search";
import { filterOf, searchOf } from "./view";

interface Props {
  /** None: a new one is made of the search. */
  view: SavedView | undefined;
  search: QueueSearch;
  close: () => void;
  /** It is kept under this name; none: it is removed. */
  done: (name: string | undefined) => void;
}

/** Keeps what the queue is filtered by under a name, for oneself or for others; or renames, shares and removes a view. */
export function ViewDialog({ view, search, close, done }: Props) {
  const { t } = useTranslation();
  const { data: me } = useSuspenseQuery(meQuery);
  const sites = useQuery(sitesQuery);
  const [name, setName] = useState(view?.name ?? "");
  const [isShared, setShared] = useState(view?.shared ?? false);
  const [site, setSite] = useState(view?.site ?? (me.sites[0] ?? ""));
  const mayShare = me.role === "senior" || me.role === "admin";
  const mayChange = !view?.shared || mayShare;
  const keep = useMutation({
    mutationFn: () => {
      const filter = filterOf(view ? searchOf(view.filter) : search);
      const body = { filter, shared: isShared, ...(isShared && site && { site }) };
      return views.keep(name.trim(), body, view?.name);
    },
    onSuccess: (kept) => done(kept.name),
  });
  const remove = useMutation({ mutationFn: () => views.remove(view?.name ?? ""), onSuccess: () => done(undefined) });
  const failure = keep.error ?? remove.error;
  return (
    <Modal opened onClose={close} title={view ? t("views.change", { name: view.name }) : t("views.keep")} closeButtonProps={{ "aria-label": t("common.close") }}>
      <form
        className={page["stack"]}
        onSubmit={(event) => {
          event.preventDefault();
          keep.mutate();
        }}
      >
        <TextInput data-autofocus required maxLength={60} disabled={!mayChange} label={t("documents.name")} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <Checkbox
          size="sm"
          label={t("views.shared")}
          description={t(mayShare ? "views.sharedHelp" : "views.sharedRole")}
          disabled={!mayShare}
          checked={isShared}
          onChange={(event) => setShared(event.currentTarget.checked)}
        />
        {isShared && (
          <NativeSelect
            label={t("views.with")}
            disabled={!mayChange}
            value={site}
            onChange={(event) => setSite(event.currentTarget.value)}
            data={[
              ...(me.sites.length === 0 ? [{ value: "", label: t("views.everybody") }] : []),
              ...(sites.data?.items ?? []).map((one) => ({ value: one.name, label: t("views.ofSite", { site: one.name }) })),
            ]}
          />
        )}
        {failure && <ProblemLine failure={failure} />}
        <div className={page["buttons"]}>
          <Button type="submit" disabled={!mayChange} loading={keep.isPending}>
            {t("admin.save")}
          </Button>
          {view && mayChange && (
            <Button variant="default" loading={remove.isPending} onClick={() => remove.mutate()}>
              {t("views.remove")}
            </Button>
          )}
        </div>
      </form>
    </Modal>
  );
}
