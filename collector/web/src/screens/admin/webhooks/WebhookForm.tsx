import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { webhooks, type Webhook } from "../../../api/webhooks";
import page from "../../../parts/page/Page.module.css";
import { ProblemLine } from "../../../parts/ProblemLine";
import { SiteField } from "../accounts/SiteField";
import { KindsField } from "./KindsField";

/** Where another system is told, and of what. */
export function WebhookForm({ webhook, done }: { webhook: Webhook; done: () => void }) {
  const { t } = useTranslation();
  const [url, setUrl] = useState(webhook.url);
  const [kinds, setKinds] = useState(webhook.kinds);
  const [sites, setSites] = useState(webhook.sites);
  const save = useMutation({ mutationFn: () => webhooks.set(webhook.name, { url: url.trim(), kinds, sites }), onSuccess: done });
  return (
    <form
      className={page["stack"]}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <TextInput data-autofocus required type="url" label={t("webhooks.url")} description={t("webhooks.urlHelp")} value={url} onChange={(event) => setUrl(event.currentTarget.value)} />
      <KindsField value={kinds} set={setKinds} />
      <SiteField label={t("webhooks.sites")} value={sites} set={setSites} />
      {save.isError && <ProblemLine failure={save.error} />}
      <Button type="submit" loading={save.isPending}>
        {t("admin.save")}
      </Button>
    </form>
  );
}
