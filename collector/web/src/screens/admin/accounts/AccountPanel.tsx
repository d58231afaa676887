import { Button, NativeSelect } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changeAccount, resetAccount, type Account, type Role } from "../../../api/accounts";
import { Confirm } from "../../../parts/Confirm";
import page from "../../../parts/page/Page.module.css";
import { Panel } from "../../../parts/Panel";
import { ProblemLine } from "../../../parts/ProblemLine";
import { NewSecrets } from "./NewSecrets";
import { ROLES } from "../../../parts/may";
import { SiteField } from "./SiteField";

/** What an account may do, and whether it may at all. */
export function AccountPanel({ account, close }: { account: Account; close: () => void }) {
  const { t } = useTranslation();
  const [role, setRole] = useState(account.role);
  const [sites, setSites] = useState(account.sites);
  const [isSure, setSure] = useState(false);
  const isDisabled = Boolean(account.disabled_at);
  const change = useMutation({ mutationFn: (body: Parameters<typeof changeAccount>[1]) => changeAccount(account.name, body), onSuccess: close });
  const reset = useMutation({ mutationFn: () => resetAccount(account.name) });
  if (reset.data) {
    return (
      <Panel title={t("accounts.resetDone", { name: account.name })} close={close}>
        <NewSecrets made={reset.data} />
      </Panel>
    );
  }
  return (
    <Panel title={account.name} close={close}>
      <form
        className={page["stack"]}
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate({ role, sites });
        }}
      >
        <NativeSelect
          label={t("accounts.role")}
          value={role}
          onChange={(event) => setRole(event.currentTarget.value as Role)}
          data={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
        />
        <SiteField value={sites} set={setSites} />
        {change.isError && <ProblemLine failure={change.error} />}
        <Button type="submit" loading={change.isPending}>
          {t("admin.save")}
        </Button>
      </form>
      <p className={page["plain"]}>{t("accounts.resetText")}</p>
      <div className={page["buttons"]}>
        <Button variant="default" onClick={() => setSure(true)}>
          {t("accounts.reset")}
        </Button>
      </div>
      {isSure && (
        <Confirm
          title={account.name}
          text={t("accounts.resetText")}
          does={t("accounts.reset")}
          isBusy={reset.isPending}
          failure={reset.error}
          run={() => reset.mutate()}
          close={() => setSure(false)}
        />
      )}
      <p className={page["plain"]}>{t(isDisabled ? "accounts.enableText" : "accounts.disableText")}</p>
      <div className={page["buttons"]}>
        <Button variant="default" onClick={() => change.mutate({ disabled: !isDisabled })}>
          {t(isDisabled ? "accounts.enable" : "accounts.disable")}
        </Button>
      </div>
    </Panel>
  );
}
