import { Button } from "@mantine/core";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { auditQuery, verifyAudit, type WhichEntries } from "../../../api/audit";
import type { Schemas } from "../../../api/client";
import { moment } from "../../../locales/format";
import { Failure } from "../../../parts/Failure";
import { Icon } from "../../../parts/Icon";
import { Loading } from "../../../parts/Loading";
import { Mark } from "../../../parts/Mark";
import page from "../../../parts/page/Page.module.css";
import { ProblemLine } from "../../../parts/ProblemLine";
import type { Column } from "../../../parts/table/columns";
import { DataTable } from "../../../parts/table/DataTable";
import style from "../Admin.module.css";
import { AuditFilters } from "./AuditFilters";

/** Who did what, the newest first, and whether anybody has changed the record. */
export function Audit() {
  const { t } = useTranslation();
  const [which, setWhich] = useState<WhichEntries>({});
  const list = useInfiniteQuery(auditQuery(which));
  const verify = useMutation({ mutationFn: verifyAudit });
  const pages = list.data?.pages;
  const entries = useMemo(() => pages?.flatMap((part) => part.items) ?? [], [pages]);
  const columns = useMemo(() => auditColumns(t), [t]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const verdict = verify.data;
  if (list.isError && !list.data) return <Failure failure={list.error} again={() => void list.refetch()} />;
  if (!list.data) return <Loading lines={10} />;
  return (
    <>
      <div className={page["bar"]}>
        <div className={style["verdict"]} role="status">
          <Button variant="default" loading={verify.isPending} leftSection={<Icon name="audit" />} onClick={() => verify.mutate()}>
            {t("audit.verify")}
          </Button>
          {verdict?.whole && <Mark icon="ok" tone="ok" label={t("audit.whole", { count: verdict.n_entries ?? 0 })} />}
          {verdict && !verdict.whole && <Mark icon="critical" tone="critical" label={t("audit.broken", { entry: verdict.broken_at })} />}
          {verify.isError && <ProblemLine failure={verify.error} />}
        </div>
        <p className={page["count"]}>{t(hasNextPage ? "audit.first" : "audit.count", { count: entries.length })}</p>
      </div>
      <AuditFilters set={setWhich} />
      <DataTable label={t("admin.audit")} columns={columns} rows={entries} keyOf={({ seq }) => String(seq)} onEnd={more} isPart={hasNextPage} />
    </>
  );
}

function auditColumns(t: TFunction): Column<Schemas["EntryView"]>[] {
  return [
    { name: "seq", title: t("audit.entry"), width: 8, text: ({ seq }) => String(seq) },
    { name: "at", title: t("audit.at"), width: 24, text: ({ at }) => moment(at) },
    { name: "actor", title: t("audit.actor"), width: 16, text: ({ actor }) => actor },
    { name: "deed", title: t("audit.deed"), width: 22, isForeign: true, text: ({ deed }) => deed },
    { name: "subject", title: t("audit.subject"), width: 30, text: ({ subject }) => subject },
    { name: "detail", title: t("audit.detail"), width: 60, text: ({ detail }) => detail },
  ];
}
