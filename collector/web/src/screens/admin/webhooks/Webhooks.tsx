import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sources, sourcesQuery, webhooksQuery, type Webhook } from "../../../api/webhooks";
import { number } from "../../../locales/format";
import { Icon } from "../../../parts/Icon";
import { Mark } from "../../../parts/Mark";
import page from "../../../parts/page/Page.module.css";
import { problemLine } from "../../../parts/problemText";
import { TimeAgo } from "../../../parts/TimeAgo";
import { say } from "../../../parts/toasts";
import { List } from "../List";
import { Section } from "../Section";
import { NewSource } from "./NewSource";
import { NewWebhook } from "./NewWebhook";
import { WebhookPanel } from "./WebhookPanel";

/** Other systems that are told what happens to tickets, and those that may open some. */
export function Webhooks() {
  const { t } = useTranslation();
  const list = useQuery(webhooksQuery);
  const heard = useQuery(sourcesQuery);
  const [over, setOver] = useState<string>();
  const remove = useMutation({ mutationFn: (name: string) => sources.remove(name), onError: (failure) => say(problemLine(t, failure), true) });
  const close = () => setOver(undefined);
  const shown = list.data?.items.find(({ name }) => `of ${name}` === over);
  return (
    <div className={page["body"]} data-scrolls role="region" aria-label={t("admin.webhooks")} tabIndex={0}>
      <Section
        title={t("webhooks.title")}
        text={t("webhooks.text")}
        actions={
          <Button variant="default" leftSection={<Icon name="add" />} onClick={() => setOver("new")}>
            {t("webhooks.add")}
          </Button>
        }
      >
        <List
          label={t("webhooks.title")}
          query={list}
          rows={list.data?.items ?? []}
          keyOf={({ name }) => name}
          icon="webhook"
          none={t("webhooks.none")}
          columns={[
            { title: t("documents.name"), show: ({ name }) => name },
            { title: t("webhooks.url"), show: ({ url }) => url },
            { title: t("webhooks.state"), show: (webhook) => <Standing webhook={webhook} /> },
            { title: t("webhooks.waiting"), show: ({ n_waiting }) => number(n_waiting) },
            { title: t("webhooks.dead"), show: ({ n_dead }) => number(n_dead) },
            {
              title: t("admin.actions"),
              isActions: true,
              show: ({ name }) => (
                <Button variant="subtle" size="compact-xs" aria-label={`${t("admin.open")}: ${name}`} onClick={() => setOver(`of ${name}`)}>
                  {t("admin.open")}
                </Button>
              ),
            },
          ]}
        />
      </Section>
      <Section
        title={t("sources.title")}
        text={t("sources.text")}
        actions={
          <Button variant="default" leftSection={<Icon name="add" />} onClick={() => setOver("source")}>
            {t("sources.add")}
          </Button>
        }
      >
        <List
          label={t("sources.title")}
          query={heard}
          rows={heard.data?.items ?? []}
          keyOf={({ name }) => name}
          icon="webhook"
          none={t("sources.none")}
          columns={[
            { title: t("documents.name"), show: ({ name }) => name },
            { title: t("sources.path"), show: ({ path }) => <code>{path}</code> },
            { title: t("tokens.site"), show: ({ site }) => site },
            {
              title: t("admin.madeBy"),
              show: ({ created_by, created_at }) => (
                <>
                  {created_by} <TimeAgo at={created_at} />
                </>
              ),
            },
            {
              title: t("admin.actions"),
              isActions: true,
              show: ({ name }) => (
                <Button variant="subtle" size="compact-xs" aria-label={`${t("admin.remove")}: ${name}`} onClick={() => remove.mutate(name)}>
                  {t("admin.remove")}
                </Button>
              ),
            },
          ]}
        />
      </Section>
      {over === "new" && <NewWebhook close={close} />}
      {over === "source" && <NewSource close={close} />}
      {shown && <WebhookPanel webhook={shown} close={close} />}
    </div>
  );
}

function Standing({ webhook: { enabled, failing_since } }: { webhook: Webhook }) {
  const { t } = useTranslation();
  if (!enabled) return <Mark icon="closed" tone="unknown" label={t("webhooks.off")} />;
  if (failing_since) return <Mark icon="warning" tone="warning" label={t("webhooks.failing")} />;
  return <Mark icon="ok" tone="ok" label={t("webhooks.well")} />;
}
