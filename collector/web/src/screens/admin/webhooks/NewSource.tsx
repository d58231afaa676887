import { Autocomplete, Button, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sitesQuery } from "../../../api/sites";
import { sources } from "../../../api/webhooks";
import page from "../../../parts/page/Page.module.css";
import { Panel } from "../../../parts/Panel";
import { ProblemLine } from "../../../parts/ProblemLine";
import { Secret } from "../../../parts/Secret";

/** Lets another system open tickets; the secret with which it signs is shown this once. */
export function NewSource({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const known = useQuery(sitesQuery);
  const [name, setName] = useState("");
  const [site, setSite] = useState("");
  const make = useMutation({ mutationFn: () => sources.add({ name: name.trim(), site: site.trim() }) });
  if (make.data) {
    return (
      <Panel title={make.data.name} close={close}>
        <Secret label={t("sources.address")} text={`${location.origin}${make.data.path}`} />
        <Secret label={t("webhooks.secret")} text={make.data.secret} help={t("sources.secretText")} />
      </Panel>
    );
  }
  return (
    <Panel title={t("sources.add")} close={close}>
      <form
        className={page["stack"]}
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <TextInput data-autofocus required maxLength={64} label={t("documents.name")} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <Autocomplete size="sm" required label={t("tokens.site")} data={known.data?.items.map((one) => one.name) ?? []} value={site} onChange={setSite} />
        {make.isError && <ProblemLine failure={make.error} />}
        <Button type="submit" loading={make.isPending}>
          {t("sources.add")}
        </Button>
      </form>
    </Panel>
  );
}
