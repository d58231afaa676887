import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { documentsQuery, type DocumentNoun, type Kept } from "../../../api/documents";
import { Icon } from "../../../parts/Icon";
import type { Picture } from "../../../parts/icons";
import { TimeAgo } from "../../../parts/TimeAgo";
import { List } from "../List";
import { Section } from "../Section";
import { DocumentPanel } from "./DocumentPanel";

interface Props {
  noun: Exclude<DocumentNoun, "replies">;
  icon: Picture;
  /** What a new one begins with. */
  template: object;
}

/** Documents of one kind: what there is, and writing one. */
export function Documents({ noun, icon, template }: Props) {
  const { t } = useTranslation();
  const list = useQuery(documentsQuery(noun));
  const [over, setOver] = useState<Kept | "new">();
  return (
    <Section
      title={t(`documents.${noun}.title`)}
      text={t(`documents.${noun}.text`)}
      actions={
        <Button variant="default" leftSection={<Icon name="add" />} onClick={() => setOver("new")}>
          {t(`documents.${noun}.add`)}
        </Button>
      }
    >
      <List
        label={t(`documents.${noun}.title`)}
        query={list}
        rows={list.data ?? []}
        keyOf={({ name }) => name}
        icon={icon}
        none={t(`documents.${noun}.none`)}
        columns={[
          { title: t("documents.name"), show: ({ name }) => name },
          { title: t("documents.description"), show: ({ description }) => description ?? "" },
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
            show: (kept) => (
              <Button variant="subtle" size="compact-xs" aria-label={`${t("admin.change")}: ${kept.name}`} onClick={() => setOver(kept)}>
                {t("admin.change")}
              </Button>
            ),
          },
        ]}
      />
      {over && <DocumentPanel noun={noun} kept={over === "new" ? undefined : over} template={template} close={() => setOver(undefined)} />}
    </Section>
  );
}
