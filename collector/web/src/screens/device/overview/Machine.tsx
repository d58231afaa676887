import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { tableQuery, type Table } from "../../../api/facts";
import page from "../../../parts/page/Page.module.css";
import { cell } from "../../../parts/table/values";

/** Where each of it stands: table and column. */
const PARTS = [
  "os.name", "os.kernel", "os.booted_at", "system.vendor", "system.product", "system.virtualisation", "cpus.model", "cpus.threads", "memory.total_bytes",
] as const;

/** The machine in a few words. */
export function Machine({ device }: { device: string }) {
  const { t } = useTranslation();
  const tables: Record<string, Table | undefined> = {
    os: useQuery(tableQuery(device, "os")).data,
    system: useQuery(tableQuery(device, "system")).data,
    cpus: useQuery(tableQuery(device, "cpus")).data,
    memory: useQuery(tableQuery(device, "memory")).data,
  };
  const known = PARTS.flatMap((key) => {
    const [table = "", name = ""] = key.split(".");
    const column = tables[table]?.columns.find((one) => one.name === name);
    const row = tables[table]?.rows[0] as Record<string, unknown> | undefined;
    const text = column && row ? cell(t, column, row[name]) : "";
    return text ? [{ key, text }] : [];
  });
  if (known.length === 0) return null;
  return (
    <section className={page["card"]}>
      <h2>{t("machine.title")}</h2>
      <dl className={page["pairs"]}>
        {known.map(({ key, text }) => (
          <div key={key} className={page["pair"]}>
            <dt>{t(`machine.${key}`)}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
