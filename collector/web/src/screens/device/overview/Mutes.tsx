import { Button, CloseButton } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Device, Finding } from "../../../api/devices";
import { acceptances, acceptancesQuery, isMutedHere, isWorkedOn, maintenance, maintenanceQuery } from "../../../api/maintenance";
import { mutesQuery, unmute } from "../../../api/mutes";
import { moment } from "../../../locales/format";
import { Icon } from "../../../parts/Icon";
import type { Picture } from "../../../parts/icons";
import page from "../../../parts/page/Page.module.css";
import { problemLine } from "../../../parts/problemText";
import { say } from "../../../parts/toasts";
import { PlanPanel } from "../../silence/PlanPanel";
import { aboutMute, spanOf } from "../../silence/words";
import { MuteDialog } from "./MuteDialog";

interface Props {
  device: Device;
  findings: readonly Finding[];
}

/** What is not to be heard of: maintenance, mutes and accepted findings, of this device, of its site, or of all. */
export function Mutes({ device, findings }: Props) {
  const { t } = useTranslation();
  const [over, setOver] = useState<"mute" | "plan">();
  const planned = useQuery(maintenanceQuery);
  const mutes = useQuery(mutesQuery);
  const accepted = useQuery(acceptancesQuery);
  const end = useMutation({ mutationFn: (run: () => Promise<unknown>) => run(), onError: (failure) => say(problemLine(t, failure), true) });
  const work = planned.data?.items.filter((one) => isWorkedOn(one, device)) ?? [];
  const muted = mutes.data?.items.filter((one) => isMutedHere(one, device)) ?? [];
  const known = accepted.data?.items.filter((one) => one.device === device.id) ?? [];
  const isNone = planned.data && mutes.data && accepted.data && work.length + muted.length + known.length === 0;
  return (
    <section className={page["card"]}>
      <h2>{t("mutes.title")}</h2>
      {isNone && <p className={page["plain"]}>{t("mutes.none")}</p>}
      <ul className={page["list"]}>
        {work.map((one) => (
          <Item key={one.id} icon="maintenance" reason={`${one.reason} (${one.created_by})`} end={() => end.mutate(() => maintenance.end(one.id))}>
            {t(one.holds ? "maintenance.holds" : "maintenance.planned")} · {spanOf(t, one)}
          </Item>
        ))}
        {muted.map((one) => (
          <Item key={one.id} icon="mute" reason={`${one.reason} (${one.created_by})`} end={() => end.mutate(() => unmute(one.id))}>
            {aboutMute(t, one)} · {one.until ? t("mutes.until", { at: moment(one.until) }) : t("mutes.forEver")}
          </Item>
        ))}
        {known.map((one) => (
          <Item key={one.id} icon="agree" reason={`${one.reason} (${one.created_by})`} end={() => end.mutate(() => acceptances.end(one.id))}>
            {t("accept.accepted", { what: [one.check, one.subject].filter(Boolean).join(" ") })} · {t("mutes.until", { at: moment(one.until) })}
          </Item>
        ))}
      </ul>
      <div className={page["buttons"]}>
        <Button variant="default" leftSection={<Icon name="mute" />} onClick={() => setOver("mute")}>
          {t("mutes.add")}
        </Button>
        <Button variant="default" leftSection={<Icon name="maintenance" />} onClick={() => setOver("plan")}>
          {t("maintenance.plan")}
        </Button>
      </div>
      {over === "mute" && <MuteDialog device={device} findings={findings} close={() => setOver(undefined)} />}
      {over === "plan" && <PlanPanel devices={[device]} close={() => setOver(undefined)} />}
    </section>
  );
}

interface ItemProps {
  icon: Picture;
  reason: string;
  end: () => void;
  children: ReactNode;
}

function Item({ icon, reason, end, children }: ItemProps) {
  const { t } = useTranslation();
  return (
    <li className={page["listRow"]}>
      <Icon name={icon} />
      <span>
        {children} · {reason}
      </span>
      <CloseButton size="xs" aria-label={`${t("mutes.end")}: ${reason}`} onClick={end} />
    </li>
  );
}
