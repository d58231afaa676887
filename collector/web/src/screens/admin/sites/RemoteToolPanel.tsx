import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { remoteTools, triedQuery, type RemoteTool } from "../../../api/remoteTools";
import { sitesQuery } from "../../../api/sites";
import page from "../../../parts/page/Page.module.css";
import { Panel } from "../../../parts/Panel";
import { ProblemLine } from "../../../parts/ProblemLine";

const WAIT_MS = 300;
const NAME_LENGTH = 60;
const TEMPLATE_LENGTH = 1_000;
const EXAMPLE = "https://mesh.example/?viewmode=11&gotonode={hostname}";

interface Props {
  /** None: it is a new one. */
  tool: RemoteTool | undefined;
  close: () => void;
}

/** A tool, and the address that it would make. */
export function RemoteToolPanel({ tool, close }: Props) {
  const { t } = useTranslation();
  const sites = useQuery(sitesQuery);
  const [name, setName] = useState(tool?.name ?? "");
  const [site, setSite] = useState(tool?.site ?? "");
  const [template, setTemplate] = useState(tool?.template ?? "");
  const [looked] = useDebouncedValue(template.trim(), WAIT_MS);
  const tried = useQuery({ ...triedQuery(looked, site || null), enabled: looked !== "" });
  const body = { name: name.trim(), site: site || null, template: template.trim() };
  const save = useMutation({ mutationFn: () => (tool ? remoteTools.set(tool.id, body) : remoteTools.add(body)), onSuccess: close });
  const remove = useMutation({ mutationFn: (id: string) => remoteTools.remove(id), onSuccess: close });
  const failure = save.error ?? remove.error;
  const names = sites.data?.items.map((one) => one.name) ?? [];
  return (
    <Panel title={tool?.name ?? t("remoteTools.add")} close={close}>
      <form
        className={page["stack"]}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <TextInput data-autofocus required maxLength={NAME_LENGTH} label={t("documents.name")} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <NativeSelect
          label={t("tokens.site")}
          description={t("remoteTools.siteHelp")}
          disabled={tool !== undefined}
          value={site}
          onChange={(event) => setSite(event.currentTarget.value)}
          data={[{ value: "", label: t("escalation.allSites") }, ...names]}
        />
        <TextInput
          required
          maxLength={TEMPLATE_LENGTH}
          label={t("remoteTools.template")}
          description={t("remoteTools.templateHelp")}
          placeholder={EXAMPLE}
          spellCheck={false}
          value={template}
          onChange={(event) => setTemplate(event.currentTarget.value)}
        />
        {looked !== "" && tried.isError && !failure && <ProblemLine failure={tried.error} />}
        {looked !== "" && tried.data && (
          <p className={page["plain"]} role="status">
            {t("remoteTools.preview")} <code>{tried.data.address}</code>
          </p>
        )}
        {failure && <ProblemLine failure={failure} />}
        <Button type="submit" loading={save.isPending}>
          {t("admin.save")}
        </Button>
      </form>
      {tool && (
        <div className={page["buttons"]}>
          <Button variant="default" loading={remove.isPending} onClick={() => remove.mutate(tool.id)}>
            {t("admin.remove")}
          </Button>
        </div>
      )}
    </Panel>
  );
}
