import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { checksQuery, devicePolicyQuery } from "../../../api/devices";
import { duration } from "../../../locales/format";
import page from "../../../parts/page/Page.module.css";

/** Which policies hold for the device, and which checks it runs how often. */
export function PolicyCard({ device }: { device: string }) {
  const { t } = useTranslation();
  const policy = useQuery(devicePolicyQuery(device));
  const checks = useQuery(checksQuery(device));
  if (!policy.data) return null;
  return (
    <section className={page["card"]}>
      <h2>{t("ofAgent.policy")}</h2>
      <p className={page["plain"]}>{policy.data.policies.length > 0 ? policy.data.policies.join(", ") : t("ofAgent.noPolicy")}</p>
      <details>
        <summary>{t("ofAgent.checks", { count: checks.data?.items.length ?? 0 })}</summary>
        <ul className={page["list"]}>
          {checks.data?.items.map((check) => (
            <li key={check.id}>
              {check.title} <code>{check.id}</code> <span className={page["plain"]}>{t("ofAgent.every", { time: duration(check.every_seconds) })}</span>
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}
