import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { TFunction } from "i18next";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { deviceQuery } from "../../../api/devices";
import { acceptances, acceptancesQuery, maintenance, maintenanceQuery } from "../../../api/maintenance";
import { mutesQuery, unmute, type Mute } from "../../../api/mutes";
import { moment } from "../../../locales/format";
import { Icon } from "../../../parts/Icon";
import { Mark } from "../../../parts/Mark";
import page from "../../../parts/page/Page.module.css";
import { problemLine } from "../../../parts/problemText";
import { StatusMark } from "../../../parts/StatusMark";
import { TimeAgo } from "../../../parts/TimeAgo";
import { say } from "../../../parts/toasts";
import { PlanPanel } from "../../silence/PlanPanel";
import { aboutMaintenance, spanOf } from "../../silence/words";
import { List, type ListColumn } from "../List";
import { Section } from "../Section";
import { MuteForm } from "./MuteForm";

interface Made {
  id: string;
  reason: string;
  created_by: string;
  created_at: string;
}

/** What each of them says: why, by whom, and a way to end it. */
function common(t: TFunction, end: (id: string) => void): ListColumn<Made>[] {
  return [
    { title: t("mutes.reason"), show: ({ reason }) => reason },
    {
      title: t("admin.madeBy"),
      show: ({ created_by, created_at }) => (
        <>
          {created_by} <TimeAgo at={created_at} />
        </>
      ),
    },
    {
      title: t("admin.actions"),
      isActions: true,
      show: ({ id, reason }) => (
        <Button variant="subtle" size="compact-xs" aria-label={`${t("mutes.end")}: ${reason}`} onClick={() => end(id)}>
          {t("mutes.end")}
        </Button>
      ),
    },
  ];
}

/** What is planned, muted and accepted: what opens nothing, why, by whom and until when. */
export function Maintenance() {
  const { t } = useTranslation();
  const [over, setOver] = useState<"plan" | "mute">();
  const planned = useQuery(maintenanceQuery);
  const mutes = useQuery(mutesQuery);
  const accepted = useQuery(acceptancesQuery);
  const end = useMutation({ mutationFn: (run: () => Promise<unknown>) => run(), onError: (failure) => say(problemLine(t, failure), true) });
  return (
    <div className={page["body"]} data-scrolls role="region" aria-label={t("admin.maintenance")} tabIndex={0}>
      <Section
        title={t("maintenance.title")}
        text={t("maintenance.text")}
        takes="technician"
        actions={
          <Button variant="default" leftSection={<Icon name="add" />} onClick={() => setOver("plan")}>
            {t("maintenance.plan")}
          </Button>
        }
      >
        <List
          label={t("maintenance.title")}
          query={planned}
          rows={planned.data?.items ?? []}
          isCut={planned.data?.isCut}
          keyOf={({ id }) => id}
          icon="maintenance"
          none={t("maintenance.none")}
          columns={[
            { title: t("maintenance.standing"), show: ({ holds }) => <Mark icon={holds ? "open" : "waiting"} tone={holds ? "warning" : "unknown"} label={t(holds ? "maintenance.holds" : "maintenance.planned")} /> },
            { title: t("maintenance.scope"), show: (one) => aboutMaintenance(t, one) },
            { title: t("maintenance.when"), show: (one) => spanOf(t, one) },
            ...common(t, (id) => end.mutate(() => maintenance.end(id))),
          ]}
        />
      </Section>
      <Section
        title={t("mutes.section")}
        text={t("mutes.text")}
        takes="technician"
        actions={
          <Button variant="default" leftSection={<Icon name="add" />} onClick={() => setOver("mute")}>
            {t("mutes.add")}
          </Button>
        }
      >
        <List
          label={t("mutes.section")}
          query={mutes}
          rows={mutes.data?.items ?? []}
          isCut={mutes.data?.isCut}
          keyOf={({ id }) => id}
          icon="mute"
          none={t("mutes.noneAtAll")}
          columns={[
            { title: t("mutes.what"), show: ({ check, subject }) => (check === "" ? t("mutes.all") : [check, subject].filter(Boolean).join(" ")) },
            { title: t("maintenance.scope"), show: (one) => <Scope mute={one} /> },
            { title: t("maintenance.until"), show: ({ until }) => (until ? moment(until) : t("mutes.forEver")) },
            ...common(t, (id) => end.mutate(() => unmute(id))),
          ]}
        />
      </Section>
      <Section title={t("accept.section")} text={t("accept.text")} takes="technician">
        <List
          label={t("accept.section")}
          query={accepted}
          rows={accepted.data?.items ?? []}
          isCut={accepted.data?.isCut}
          keyOf={({ id }) => id}
          icon="agree"
          none={t("accept.none")}
          columns={[
            {
              title: t("palette.device"),
              show: ({ device, hostname }) => (
                <Link to="/devices/$id" params={{ id: device }}>
                  {hostname}
                </Link>
              ),
            },
            { title: t("accept.finding"), show: ({ check, subject }) => [check, subject].filter(Boolean).join(" ") },
            { title: t("accept.upTo"), show: ({ status }) => <StatusMark status={status} /> },
            { title: t("maintenance.until"), show: ({ until }) => moment(until) },
            ...common(t, (id) => end.mutate(() => acceptances.end(id))),
          ]}
        />
      </Section>
      {over === "plan" && <PlanPanel close={() => setOver(undefined)} />}
      {over === "mute" && <MuteForm close={() => setOver(undefined)} />}
    </div>
  );
}

function Scope({ mute: { device, site } }: { mute: Mute }) {
  const { t } = useTranslation();
  const known = useQuery({ ...deviceQuery(device ?? ""), enabled: typeof device === "string" });
  if (device) {
    return (
      <Link to="/devices/$id" params={{ id: device }}>
        {known.data?.hostname ?? device.slice(0, 8)}
      </Link>
    );
  }
  return site ? t("maintenance.wholeSite", { site }) : t("maintenance.scopes.fleet");
}
