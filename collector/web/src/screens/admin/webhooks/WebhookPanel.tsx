import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { deliveriesQuery, webhooks, type Webhook } from "../../../api/webhooks";
import { moment } from "../../../locales/format";
import page from "../../../parts/page/Page.module.css";
import { Panel } from "../../../parts/Panel";
import { ProblemLine } from "../../../parts/ProblemLine";
import { Secret } from "../../../parts/Secret";
import { List } from "../List";
import { EVENT_KINDS } from "./kinds";
import { WebhookForm } from "./WebhookForm";

/** How another system was told, and what can be done where it was not. */
export function WebhookPanel({ webhook, close }: { webhook: Webhook; close: () => void }) {
  const { t } = useTranslation();
  const { name, enabled } = webhook;
  const list = useQuery(deliveriesQuery(name));
  const [isChanged, setChanged] = useState(false);
  const [secret, setSecret] = useState<string>();
  const go = useMutation({ mutationFn: (run: () => Promise<unknown>) => run() });
  const renew = useMutation({ mutationFn: () => webhooks.renew(name), onSuccess: (made) => setSecret(made.secret) });
  const remove = useMutation({ mutationFn: () => webhooks.remove(name), onSuccess: close });
  const failure = go.error ?? renew.error ?? remove.error;
  return (
    <Panel title={name} close={close} size="46rem">
      <p className={page["plain"]}>{webhook.url}</p>
      <p className={page["plain"]}>{toldOf(t, webhook)}</p>
      {webhook.disabled_reason && <p className={page["plain"]}>{webhook.disabled_reason}</p>}
      <div className={page["buttons"]}>
        <Button onClick={() => go.mutate(() => webhooks.test(name))}>{t("webhooks.test")}</Button>
        <Button variant="default" onClick={() => go.mutate(() => webhooks.replay(name))}>
          {t("webhooks.replay")}
        </Button>
        <Button variant="default" onClick={() => go.mutate(() => webhooks.set(name, { enabled: !enabled }))}>
          {t(enabled ? "webhooks.turnOff" : "webhooks.turnOn")}
        </Button>
        <Button variant="default" onClick={() => setChanged(!isChanged)}>
          {t("admin.change")}
        </Button>
        <Button variant="default" onClick={() => renew.mutate()}>
          {t("webhooks.renew")}
        </Button>
        <Button variant="default" onClick={() => remove.mutate()}>
          {t("admin.remove")}
        </Button>
      </div>
      {secret && <Secret label={t("webhooks.secret")} text={secret} help={t("webhooks.secretText")} />}
      {isChanged && <WebhookForm webhook={webhook} done={() => setChanged(false)} />}
      {failure && <ProblemLine failure={failure} />}
      <List
        label={t("webhooks.deliveries")}
        query={list}
        rows={list.data?.items ?? []}
        keyOf={({ id }) => id}
        icon="webhook"
        none={t("webhooks.noDeliveries")}
        columns={[
          { title: t("webhooks.made"), show: ({ made_at }) => moment(made_at) },
          { title: t("webhooks.about"), show: ({ ticket }) => ticket ?? "" },
          { title: t("webhooks.attempts"), show: ({ n_attempts }) => n_attempts },
          { title: t("webhooks.answer"), show: ({ status, error, state }) => <span lang="en">{[state, status, error].filter(Boolean).join(" · ")}</span> },
        ]}
      />
    </Panel>
  );
}

/** Of which events and sites. */
function toldOf(t: TFunction, { kinds, sites }: Webhook): string {
  const named = kinds.map((kind) => {
    const known = EVENT_KINDS.find((one) => one === kind);
    return known ? t(`kinds.${known}`) : kind;
  });
  return [named.join(", ") || t("webhooks.allKinds"), sites.join(", ") || t("escalation.allSites")].join(" · ");
}
