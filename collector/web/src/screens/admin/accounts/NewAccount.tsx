import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { makeAccount, type Role } from "../../../api/accounts";
import page from "../../../parts/page/Page.module.css";
import { Panel } from "../../../parts/Panel";
import { ProblemLine } from "../../../parts/ProblemLine";
import { Secret } from "../../../parts/Secret";
import { ROLES } from "./roles";
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
        <p className={page["plain"]}>{t("accounts.madeText")}</p>
        <Secret label={t("signIn.password")} text={make.data.password} />
        <Secret label={t("accounts.factorSecret")} text={make.data.totp_secret} />
        <Secret label={t("signIn.step.codes")} text={make.data.recovery_codes.join("\n")} />
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
