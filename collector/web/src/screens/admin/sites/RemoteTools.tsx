import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { remoteToolsQuery, type RemoteTool } from "../../../api/remoteTools";
import { Icon } from "../../../parts/Icon";
import { TimeAgo } from "../../../parts/TimeAgo";
import { List } from "../List";
import { Section } from "../Section";
import { RemoteToolPanel } from "./RemoteToolPanel";

/** In what devices are opened from a ticket. */
export function RemoteTools() {
  const { t } = useTranslation();
  const tools = useQuery(remoteToolsQuery);
  const [over, setOver] = useState<RemoteTool | "new">();
  return (
    <Section
      title={t("remoteTools.title")}
      text={t("remoteTools.text")}
      takes="admin"
      actions={
        <Button variant="default" leftSection={<Icon name="add" />} onClick={() => setOver("new")}>
          {t("remoteTools.add")}
        </Button>
      }
    >
      <List
        label={t("remoteTools.title")}
        query={tools}
        rows={tools.data?.items ?? []}
        keyOf={({ id }) => id}
        icon="remote"
        none={t("remoteTools.none")}
        columns={[
          { title: t("documents.name"), show: ({ name }) => name },
          { title: t("tokens.site"), show: ({ site }) => site ?? t("escalation.allSites") },
          { title: t("remoteTools.template"), show: ({ template }) => <code>{template}</code> },
          {
            title: t("documents.changed"),
            show: ({ changed_by, changed_at }) => (
              <>
                {changed_by} <TimeAgo at={changed_at} />
              </>
            ),
          },
          {
            title: t("admin.actions"),
            isActions: true,
            show: (tool) => (
              <Button variant="subtle" size="compact-xs" aria-label={`${t("admin.change")}: ${tool.name}`} onClick={() => setOver(tool)}>
                {t("admin.change")}
              </Button>
            ),
          },
        ]}
      />
      {over && <RemoteToolPanel tool={over === "new" ? undefined : over} close={() => setOver(undefined)} />}
    </Section>
  );
}
