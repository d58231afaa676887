import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { documentsQuery, type Kept } from "../../../api/documents";
import { Icon } from "../../../parts/Icon";
import type { Picture } from "../../../parts/icons";
import { List } from "../List";
import { Section } from "../Section";
import { changedColumns } from "./columns";
import { DocumentPanel } from "./DocumentPanel";

interface Props {
  noun: "policies";
  icon: Picture;
  /** What a new one begins with. */
  template: object;
}

/** Documents of one kind that are written as JSON: what there is, and writing one. */
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
          ...changedColumns(t, setOver),
        ]}
      />
      {over && <DocumentPanel noun={noun} kept={over === "new" ? undefined : over} template={template} close={() => setOver(undefined)} />}
    </Section>
  );
}
