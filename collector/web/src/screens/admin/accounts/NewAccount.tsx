import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { makeAccount, type Role } from "../../../api/accounts";
import page from "../../../parts/page/Page.module.css";
import { Panel } from "../../../parts/Panel";
import { ProblemLine } from "../../../parts/ProblemLine";
import { NewSecrets } from "./NewSecrets";
import { ROLES } from "../../../parts/may";
import { SiteField } from "./SiteField";

/** Makes an account; what lets its owner in is shown this once. */
export function NewAccount({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("technician");
  const [sites, setSites] = useState<string[]>([]);
  const make = useMutation({ mutationFn: () => makeAccount({ name: name.trim(), role, sites }) });
  if (make.data) {
    return (
      <Panel title={t("accounts.made", { name: make.data.name })} close={close}>
        <NewSecrets made={make.data} />
      </Panel>
    );
  }
  return (
    <Panel title={t("accounts.add")} close={close}>
      <form
        className={page["stack"]}
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <TextInput data-autofocus required maxLength={64} label={t("accounts.name")} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <NativeSelect
          label={t("accounts.role")}
          value={role}
          onChange={(event) => setRole(event.currentTarget.value as Role)}
          data={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
        />
        <SiteField value={sites} set={setSites} />
        {make.isError && <ProblemLine failure={make.error} />}
        <Button type="submit" loading={make.isPending}>
          {t("accounts.add")}
        </Button>
      </form>
    </Panel>
  );
}
