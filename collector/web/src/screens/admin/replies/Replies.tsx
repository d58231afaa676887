import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { repliesQuery } from "../../../api/tickets";
import { Icon } from "../../../parts/Icon";
import page from "../../../parts/page/Page.module.css";
import { TimeAgo } from "../../../parts/TimeAgo";
import { Documents } from "../documents/Documents";
import { templates } from "../documents/templates";
import { List } from "../List";
import { Section } from "../Section";
import { MacroForm, type Macro } from "./MacroForm";
import { ReplyPanel, type Reply } from "./ReplyPanel";

/** Beginning of a reply that is shown in the list, characters. */
const SHOWN = 80;

/** What is written again and again, and what is done again and again. */
export function Replies() {
  const { t } = useTranslation();
  const list = useQuery(repliesQuery);
  const [over, setOver] = useState<Reply | "new">();
  return (
    <div className={page["body"]} data-scrolls role="region" aria-label={t("admin.replies")} tabIndex={0}>
      <Section
        title={t("replies.title")}
        text={t("replies.text")}
        takes="senior"
        actions={
          <Button variant="default" leftSection={<Icon name="add" />} onClick={() => setOver("new")}>
            {t("replies.add")}
          </Button>
        }
      >
        <List
          label={t("replies.title")}
          query={list}
          rows={list.data?.items ?? []}
          keyOf={({ name }) => name}
          icon="replies"
          none={t("replies.none")}
          columns={[
            { title: t("documents.name"), show: ({ name }) => name },
            { title: t("language.en"), show: ({ en }) => <span lang="en">{(en ?? "").slice(0, SHOWN)}</span> },
            { title: t("language.fr"), show: ({ fr }) => <span lang="fr">{(fr ?? "").slice(0, SHOWN)}</span> },
            {
              title: t("documents.changed"),
              show: ({ changed_at, changed_by }) => (
                <>
                  {changed_by} <TimeAgo at={changed_at} />
                </>
              ),
            },
            {
              title: t("admin.actions"),
              isActions: true,
              show: (reply) => (
                <Button variant="subtle" size="compact-xs" aria-label={`${t("admin.change")}: ${reply.name}`} onClick={() => setOver(reply)}>
                  {t("admin.change")}
                </Button>
              ),
            },
          ]}
        />
      </Section>
      <Documents<Macro>
        noun="macros"
        icon="replies"
        template={templates.macros}
        Form={MacroForm}
        columns={[{ title: t("documents.description"), show: ({ description }) => description }]}
      />
      {over && <ReplyPanel reply={over === "new" ? undefined : over} close={() => setOver(undefined)} />}
    </div>
  );
}
