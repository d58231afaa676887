import { Button, CloseButton } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Device, Finding } from "../../../api/devices";
import { mutesQuery, unmute, type Mute } from "../../../api/mutes";
import { moment } from "../../../locales/format";
import { Icon } from "../../../parts/Icon";
import page from "../../../parts/page/Page.module.css";
import { problemLine } from "../../../parts/problemText";
import { say } from "../../../parts/toasts";
import { MuteDialog } from "./MuteDialog";

interface Props {
  device: Device;
  findings: readonly Finding[];
}

/** What is not to be heard of: of this device, of its site, or of all. */
export function Mutes({ device, findings }: Props) {
  const { t } = useTranslation();
  const [isAsked, setAsked] = useState(false);
  const mutes = useQuery(mutesQuery);
  const end = useMutation({ mutationFn: (id: string) => unmute(id), onError: (failure) => say(problemLine(t, failure), true) });
  const here = mutes.data?.items.filter((one) => isHere(one, device)) ?? [];
  return (
    <section className={page["card"]}>
      <h2>{t("mutes.title")}</h2>
      {mutes.data && here.length === 0 && <p className={page["plain"]}>{t("mutes.none")}</p>}
      <ul className={page["list"]}>
        {here.map((one) => (
          <li key={one.id} className={page["listRow"]}>
            <Icon name="mute" />
            <span>
              {t(one.device ? "mutes.onDevice" : one.site ? "mutes.onSite" : "mutes.everywhere", { what: one.check === "*" ? t("mutes.all") : one.check })}{" "}
              {one.subject} · {one.until ? t("mutes.until", { at: moment(one.until) }) : t("mutes.forEver")} · {one.reason} ({one.created_by})
            </span>
            <CloseButton size="xs" aria-label={t("mutes.end")} onClick={() => end.mutate(one.id)} />
          </li>
        ))}
      </ul>
      <div className={page["buttons"]}>
        <Button variant="default" leftSection={<Icon name="mute" />} onClick={() => setAsked(true)}>
          {t("mutes.add")}
        </Button>
      </div>
      {isAsked && <MuteDialog device={device} findings={findings} close={() => setAsked(false)} />}
    </section>
  );
}

function isHere(mute: Mute, device: Device): boolean {
  if (mute.device) return mute.device === device.id;
  return mute.site ? mute.site === device.site : true;
}
