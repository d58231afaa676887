import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type ComponentType } from "react";
import { useTranslation } from "react-i18next";
import { documentsQuery, type DocumentNoun, type Kept } from "../../../api/documents";
import { Icon } from "../../../parts/Icon";
import type { Picture } from "../../../parts/icons";
import { List, type ListColumn } from "../List";
import { Section } from "../Section";
import { changedColumns } from "./columns";
import { DocumentPanel, type FormProps } from "./DocumentPanel";

interface Props<Body> {
  noun: Exclude<DocumentNoun, "replies">;
  icon: Picture;
  /** What a new one begins with. */
  template: Body;
  Form: ComponentType<FormProps<Body>>;
  /** What each says, between its name and who has changed it. */
  columns: readonly ListColumn<Kept & Body>[];
}

/** Documents of one kind that are written in fields. */
export function Documents<Body extends object>({ noun, icon, template, Form, columns }: Props<Body>) {
  const { t } = useTranslation();
  const list = useQuery(documentsQuery(noun));
  const [over, setOver] = useState<string>();
  const rows = (list.data ?? []) as (Kept & Body)[];
  const kept = rows.find(({ name }) => `of ${name}` === over);
  return (
    <Section
      title={t(`documents.${noun}.title`)}
      text={t(`documents.${noun}.text`)}
      takes={noun === "macros" ? "senior" : "admin"}
      actions={
        <Button variant="default" leftSection={<Icon name="add" />} onClick={() => setOver("new")}>
          {t(`documents.${noun}.add`)}
        </Button>
      }
    >
      <List
        label={t(`documents.${noun}.title`)}
        query={list}
        rows={rows}
        keyOf={({ name }) => name}
        icon={icon}
        none={t(`documents.${noun}.none`)}
        columns={[{ title: t("documents.name"), show: ({ name }) => name }, ...columns, ...changedColumns(t, ({ name }) => setOver(`of ${name}`))]}
      />
      {(over === "new" || kept) && (
        <DocumentPanel key={`${over} ${kept?.changed_at ?? ""}`} noun={noun} kept={kept} template={template} Form={Form} close={() => setOver(undefined)} />
      )}
    </Section>
  );
}
