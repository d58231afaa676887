import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { accountsQuery, type Account } from "../../../api/accounts";
import { moment } from "../../../locales/format";
import { Icon } from "../../../parts/Icon";
import { Mark } from "../../../parts/Mark";
import page from "../../../parts/page/Page.module.css";
import { List } from "../List";
import { Section } from "../Section";
import { AccountPanel } from "./AccountPanel";
import { NewAccount } from "./NewAccount";

/** Who works here, and what each may do. */
export function Accounts() {
  const { t } = useTranslation();
  const accounts = useQuery(accountsQuery);
  const [over, setOver] = useState<Account | "new">();
  const close = () => setOver(undefined);
  return (
    <div className={page["body"]} data-scrolls role="region" aria-label={t("admin.title")} tabIndex={0}>
      <Section
        title={t("accounts.title")}
        text={t("accounts.text")}
        actions={
          <Button variant="default" leftSection={<Icon name="add" />} onClick={() => setOver("new")}>
            {t("accounts.add")}
          </Button>
        }
      >
        <List
          label={t("accounts.title")}
          query={accounts}
          rows={accounts.data?.items ?? []}
          keyOf={({ name }) => name}
          icon="person"
          none={t("accounts.none")}
          columns={[
            { title: t("accounts.name"), show: ({ name }) => name },
            { title: t("accounts.role"), show: ({ role }) => t(`role.${role}`) },
            { title: t("accounts.sites"), show: ({ sites }) => sites.join(", ") || t("accounts.allSites") },
            {
              title: t("accounts.factor"),
              show: ({ second_factor }) =>
                second_factor ? <Mark icon="ok" tone="ok" label={t("value.yes")} /> : <Mark icon="warning" tone="warning" label={t("accounts.noFactor")} />,
            },
            { title: t("admin.made"), show: ({ created_at }) => moment(created_at) },
            {
              title: t("accounts.state"),
              show: ({ disabled_at }) => (disabled_at ? <Mark icon="closed" tone="unknown" label={t("accounts.disabled")} /> : t("accounts.active")),
            },
            {
              title: t("admin.actions"),
              isActions: true,
              show: (account) => (
                <Button variant="subtle" size="compact-xs" aria-label={`${t("admin.change")}: ${account.name}`} onClick={() => setOver(account)}>
                  {t("admin.change")}
                </Button>
              ),
            },
          ]}
        />
      </Section>
      {over === "new" && <NewAccount close={close} />}
      {over && over !== "new" && <AccountPanel account={over} close={close} />}
    </div>
  );
}
