import { Button } from "@mantine/core";
import { useMutation, useSuspenseQuery } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { meQuery } from "../../api/session";
import { views } from "../../api/views";
import { Icon } from "../../parts/Icon";
import { late } from "../../parts/late";
import { problemLine } from "../../parts/problemText";
import { say } from "../../parts/toasts";
import style from "./Queue.module.css";
import type { QueueSearch } from "./search";
import { filterOf, isSame, type Shown } from "./view";

const ViewDialog = late(() => import("./ViewDialog"), "ViewDialog");

interface Props {
  shown: Shown;
  go: (address: QueueSearch) => void;
}

/** What can be kept of the filters under a name, and what can be done to the view that is open. */
export function ViewActions({ shown: { search, view, isChanged }, go }: Props) {
  const { t } = useTranslation();
  const { data: me } = useSuspenseQuery(meQuery);
  const [over, setOver] = useState<"new" | "view">();
  const keep = useMutation({
    mutationFn: (name: string) => views.keep(name, { filter: filterOf(search), shared: view?.shared ?? false, ...(view?.site && { site: view.site }) }),
    onSuccess: ({ name }) => {
      say(t("views.kept", { name }));
      go({ view: name });
    },
    onError: (failure) => say(problemLine(t, failure), true),
  });
  const mayChange = view && (!view.shared || me.role === "senior" || me.role === "admin");
  return (
    <div className={style["viewActions"]}>
      {view && isChanged && mayChange && (
        <Button variant="light" size="compact-xs" loading={keep.isPending} onClick={() => keep.mutate(view.name)}>
          {t("views.keepChanges")}
        </Button>
      )}
      {(view ? isChanged : !isSame(search, {})) && (
        <Button variant="subtle" size="compact-xs" leftSection={<Icon name="view" size={14} />} onClick={() => setOver("new")}>
          {t("views.keep")}
        </Button>
      )}
      {view && isChanged && (
        <Button variant="subtle" size="compact-xs" onClick={() => go({ view: view.name })}>
          {t("views.asKept")}
        </Button>
      )}
      {view && !isChanged && mayChange && (
        <Button variant="subtle" size="compact-xs" leftSection={<Icon name="edit" size={14} />} onClick={() => setOver("view")}>
          {t("views.edit")}
        </Button>
      )}
      {over && (
        <Suspense>
          <ViewDialog
            view={over === "view" ? view : undefined}
            search={search}
            close={() => setOver(undefined)}
            done={(name) => {
              setOver(undefined);
              go(name === undefined ? {} : { view: name });
            }}
          />
        </Suspense>
      )}
    </div>
  );
}
