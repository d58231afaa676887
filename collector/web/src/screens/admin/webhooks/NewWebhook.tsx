import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { webhooks } from "../../../api/webhooks";
import page from "../../../parts/page/Page.module.css";
import { Panel } from "../../../parts/Panel";
import { ProblemLine } from "../../../parts/ProblemLine";
import { Secret } from "../../../parts/Secret";
import { SiteField } from "../accounts/SiteField";
import { KindsField } from "./KindsField";

/** Has another system told; the secret that signs what it is told is shown this once. */
export function NewWebhook({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [url, setUrl] = useState("https://");
  const [kinds, setKinds] = useState<string[]>([]);
  const [sites, setSites] = useState<string[]>([]);
  const make = useMutation({ mutationFn: () => webhooks.add({ name: name.trim(), url: url.trim(), kinds, sites }) });
  if (make.data) {
    return (
      <Panel title={make.data.name} close={close}>
        <Secret label={t("webhooks.secret")} text={make.data.secret} help={t("webhooks.secretText")} />
      </Panel>
    );
  }
  return (
    <Panel title={t("webhooks.add")} close={close}>
      <form
        className={page["stack"]}
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <TextInput data-autofocus required maxLength={64} label={t("documents.name")} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <TextInput required type="url" label={t("webhooks.url")} description={t("webhooks.urlHelp")} value={url} onChange={(event) => setUrl(event.currentTarget.value)} />
        <KindsField value={kinds} set={setKinds} />
        <SiteField label={t("webhooks.sites")} value={sites} set={setSites} />
        {make.isError && <ProblemLine failure={make.error} />}
        <Button type="submit" loading={make.isPending}>
          {t("webhooks.add")}
        </Button>
      </form>
    </Panel>
  );
}
