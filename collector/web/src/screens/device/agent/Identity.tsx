import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { identity, type Device } from "../../../api/devices";
import { queries } from "../../../api/queries";
import { moment, number } from "../../../locales/format";
import { Confirm } from "../../../parts/Confirm";
import page from "../../../parts/page/Page.module.css";
import { ProblemLine } from "../../../parts/ProblemLine";

/** Who the device is to the collector, and what becomes of that. */
export function Identity({ device }: { device: Device }) {
  const { t } = useTranslation();
  const [isAsked, setAsked] = useState(false);
  const go = useMutation({
    mutationFn: (run: () => Promise<unknown>) => run(),
    onSuccess: () => {
      setAsked(false);
      return queries.invalidateQueries({ queryKey: ["device", device.id] });
    },
  });
  const installations = device.installations ?? [];
  const proposed = device.proposed_predecessor;
  const pairs: [string, string][] = [
    [t("ofAgent.version"), device.agent_version],
    [t("ofAgent.id"), device.id],
    [t("ofAgent.enrolled"), moment(device.enrolled_at)],
    [t("ofAgent.certificate"), moment(device.certificate_not_after)],
    [t("ofAgent.clock"), t("ofAgent.seconds", { seconds: number(Math.round(device.clock_offset_seconds * 100) / 100 + 0, 2) })],
    ...(device.predecessor ? [[t("ofAgent.predecessor"), device.predecessor] as [string, string]] : []),
  ];
  return (
    <section className={page["card"]}>
      <h2>{t("ofAgent.identity")}</h2>
      <dl className={page["pairs"]}>
        {pairs.map(([name, value]) => (
          <div key={name} className={page["pair"]}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {device.conflict_since && (
        <>
          <p>{t("ofAgent.conflictText", { since: moment(device.conflict_since) })}</p>
          <div className={page["buttons"]}>
            {installations.map((one) => (
              <Button key={one} variant="default" onClick={() => go.mutate(() => identity.split(device.id, one))}>
                {t("ofAgent.keep", { installation: one.slice(0, 8) })}
              </Button>
            ))}
          </div>
        </>
      )}
      {proposed && (
        <>
          <p>{t("ofAgent.proposed", { device: proposed })}</p>
          <div className={page["buttons"]}>
            <Button variant="default" onClick={() => go.mutate(() => identity.join(device.id, proposed))}>
              {t("ofAgent.join")}
            </Button>
            <Button variant="default" onClick={() => go.mutate(() => identity.join(device.id, null))}>
              {t("ofAgent.joinNot")}
            </Button>
          </div>
        </>
      )}
      {go.isError && <ProblemLine failure={go.error} />}
      {!device.removed_at && (
        <div className={page["buttons"]}>
          <Button variant="default" onClick={() => setAsked(true)}>
            {t("ofAgent.remove")}
          </Button>
        </div>
      )}
      {isAsked && (
        <Confirm
          title={t("ofAgent.removeTitle", { device: device.hostname })}
          text={t("ofAgent.removeText")}
          does={t("ofAgent.remove")}
          isBusy={go.isPending}
          failure={go.error}
          run={() => go.mutate(() => identity.remove(device.id))}
          close={() => setAsked(false)}
        />
      )}
    </section>
  );
}
