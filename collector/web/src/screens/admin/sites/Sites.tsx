import { Button, Modal, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { enrolmentTokensQuery, makeSite, revokeEnrolmentToken, sitesQuery, type EnrolmentToken } from "../../../api/sites";
import { moment, number } from "../../../locales/format";
import { Icon } from "../../../parts/Icon";
import { useMay } from "../../../parts/may";
import page from "../../../parts/page/Page.module.css";
import { Panel } from "../../../parts/Panel";
import { ProblemLine } from "../../../parts/ProblemLine";
import { problemLine } from "../../../parts/problemText";
import { Secret } from "../../../parts/Secret";
import { TimeAgo } from "../../../parts/TimeAgo";
import { say } from "../../../parts/toasts";
import { TokenForm } from "../../first/TokenForm";
import { List } from "../List";
import { Section } from "../Section";
import { RemoteTools } from "./RemoteTools";

/** Where devices and people belong, and what lets machines in. */
export function Sites() {
  const { t } = useTranslation();
  const sites = useQuery(sitesQuery);
  const isAdmin = useMay("admin");
  const tokens = useQuery({ ...enrolmentTokensQuery, enabled: isAdmin });
  const [over, setOver] = useState<"site" | "token">();
  const close = () => setOver(undefined);
  const revoke = useMutation({ mutationFn: revokeEnrolmentToken, onError: (failure) => say(problemLine(t, failure), true) });
  return (
    <div className={page["body"]} data-scrolls role="region" aria-label={t("admin.sites")} tabIndex={0}>
      <Section
        title={t("sites.title")}
        text={t("sites.text")}
        takes="admin"
        actions={
          <Button variant="default" leftSection={<Icon name="add" />} onClick={() => setOver("site")}>
            {t("sites.add")}
          </Button>
        }
      >
        <List
          label={t("sites.title")}
          query={sites}
          rows={sites.data?.items ?? []}
          keyOf={({ name }) => name}
          icon="site"
          none={t("sites.none")}
          columns={[
            { title: t("sites.name"), show: ({ name }) => <Link to="/devices" search={{ site: name }}>{name}</Link> },
            { title: t("devices.title"), show: ({ n_devices }) => number(n_devices) },
            { title: t("admin.made"), show: ({ created_at }) => (Date.parse(created_at) === 0 ? "—" : moment(created_at)) },
          ]}
        />
      </Section>
      {isAdmin && (
        <Section
          title={t("tokens.title")}
          text={t("tokens.text")}
          actions={
            <Button variant="default" leftSection={<Icon name="key" />} onClick={() => setOver("token")}>
              {t("tokens.make")}
            </Button>
          }
        >
          <List
            label={t("tokens.title")}
            query={tokens}
            rows={tokens.data?.items ?? []}
            keyOf={({ id }) => id}
            icon="key"
            none={t("tokens.none")}
            columns={[
              { title: t("tokens.site"), show: ({ site }) => site },
              { title: t("tokens.left"), show: ({ uses_left }) => number(uses_left) },
              { title: t("tokens.until"), show: ({ expires_at }) => <TimeAgo at={expires_at} /> },
              { title: t("admin.madeBy"), show: ({ created_by }) => created_by },
              { title: t("tokens.standing"), show: (token) => t(`tokens.is.${standing(token)}`) },
              {
                title: t("admin.actions"),
                isActions: true,
                show: (token) =>
                  standing(token) === "good" && (
                    <Button variant="subtle" size="compact-xs" onClick={() => revoke.mutate(token.id)}>
                      {t("tokens.revoke")}
                    </Button>
                  ),
              },
            ]}
          />
        </Section>
      )}
      {isAdmin && <RemoteTools />}
      {over === "site" && <NewSite close={close} />}
      {over === "token" && <NewToken close={close} />}
    </div>
  );
}

function standing({ revoked_at, expires_at, uses_left }: EnrolmentToken): "good" | "revoked" | "over" | "used" {
  if (revoked_at) return "revoked";
  if (uses_left === 0) return "used";
  return Date.parse(expires_at) < Date.now() ? "over" : "good";
}

function NewSite({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const make = useMutation({ mutationFn: () => makeSite(name.trim()), onSuccess: close });
  return (
    <Modal opened onClose={close} title={t("sites.add")} closeButtonProps={{ "aria-label": t("common.close") }}>
      <form
        className={page["stack"]}
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <TextInput data-autofocus required maxLength={100} label={t("sites.name")} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        {make.isError && <ProblemLine failure={make.error} />}
        <Button type="submit" loading={make.isPending}>
          {t("sites.add")}
        </Button>
      </form>
    </Modal>
  );
}

function NewToken({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const [token, setToken] = useState<EnrolmentToken>();
  return (
    <Panel title={t("tokens.make")} close={close}>
      {token?.token ? <Secret label={t("first.token")} text={token.token} help={t("first.tokenText")} /> : <TokenForm made={setToken} />}
      <Link to="/devices/new">{t("tokens.how")}</Link>
    </Panel>
  );
}
