import { Button } from "@mantine/core";
import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Finding } from "../../api/devices";
import { moment } from "../../locales/format";
import { Icon } from "../../parts/Icon";
import { late } from "../../parts/late";
import style from "./Silence.module.css";

const AcceptDialog = late(() => import("./AcceptDialog"), "AcceptDialog");

interface Props {
  device: string;
  finding: Finding;
}

/** Why a finding opens nothing, by whom and until when; or a way to accept it. */
export function Silence({ device, finding }: Props) {
  const { t } = useTranslation();
  const [isAsked, setAsked] = useState(false);
  const { silenced } = finding;
  return (
    <>
      {silenced && (
        <p className={style["silenced"]}>
          <Icon name={silenced.kind === "maintenance" ? "maintenance" : silenced.kind === "mute" ? "mute" : "agree"} size={14} />
          <span>
            {t(`silenced.${silenced.kind}`, { by: silenced.by })}, {silenced.until ? t("mutes.until", { at: moment(silenced.until) }) : t("mutes.forEver")}: {silenced.reason}
          </span>
        </p>
      )}
      {silenced?.kind !== "acceptance" && (
        <Button variant="subtle" size="compact-xs" aria-label={`${t("accept.open")}: ${finding.summary}`} onClick={() => setAsked(true)}>
          {t("accept.open")}
        </Button>
      )}
      {isAsked && (
        <Suspense>
          <AcceptDialog device={device} finding={finding} close={() => setAsked(false)} />
        </Suspense>
      )}
    </>
  );
}
