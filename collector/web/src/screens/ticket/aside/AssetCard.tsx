import { Button, NativeSelect } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { assetQuery, type Asset } from "../../../api/assets";
import { jobQuery, order } from "../../../api/jobs";
import { change, extendTimeline, keepTicket, ticketQuery, timelineQuery, type Ticket } from "../../../api/tickets";
import { queries } from "../../../api/queries";
import { Failure } from "../../../parts/Failure";
import { Icon } from "../../../parts/Icon";
import { JobMark } from "../../../parts/JobMark";
import { Loading } from "../../../parts/Loading";
import { ProblemLine } from "../../../parts/ProblemLine";
import { StatusMark } from "../../../parts/StatusMark";
import { TimeAgo } from "../../../parts/TimeAgo";
import { problemLine } from "../../../parts/problemText";
import { say } from "../../../parts/toasts";
import type { Wanted } from "../action/wanted";
import style from "./Aside.module.css";
import { lastProbe } from "./probes";

interface Props {
  asset: string;
  ticket: Ticket;
  want: (wanted: Wanted) => void;
}

/** A thing without an agent that the ticket is about, and whether a device beside it finds it. */
export function AssetCard({ asset, ticket, want }: Props) {
  const { t } = useTranslation();
  const known = useQuery(assetQuery(asset));
  const remove = useMutation({
    mutationFn: () => change.removeAsset(ticket.number, asset),
    onSuccess: keepTicket,
    onError: (failure) => say(problemLine(t, failure), true),
  });
  if (known.isError && !known.data) return <Failure failure={known.error} again={() => void known.refetch()} isSmall />;
  if (!known.data) return <Loading />;
  const { name, kind, model, place, address, port, note, removed_at } = known.data;
  const isClosed = ticket.state === "closed";
  return (
    <section className={style["card"]} aria-label={name}>
      <div className={style["cardHead"]}>
        <Icon name="asset" />
        <h2>
          <Link to="/assets" search={{ asset }}>
            {name}
          </Link>
        </h2>
        <span className={style["share"]}>{t(`assets.kinds.${kind}`)}</span>
      </div>
      <p className={style["plain"]}>{[model, place, [address, port].filter(Boolean).join(":")].filter(Boolean).join(" · ")}</p>
      {removed_at && <p className={style["plain"]}>{t("assets.isRemoved")}</p>}
      {note && <p className={style["plain"]}>{note}</p>}
      {!address && <p className={style["plain"]}>{t("assets.noAddress")}</p>}
      {address && <Probe asset={known.data} ticket={ticket} isClosed={isClosed} want={want} />}
      {!isClosed && (
        <Button variant="subtle" size="compact-xs" mt="xs" loading={remove.isPending} onClick={() => remove.mutate()}>
          {t("assets.takeOff")}
        </Button>
      )}
    </section>
  );
}

interface ProbeProps {
  asset: Asset;
  ticket: Ticket;
  isClosed: boolean;
  want: (wanted: Wanted) => void;
}

function Probe({ asset, ticket, isClosed, want }: ProbeProps) {
  const { t } = useTranslation();
  const { number } = ticket;
  const [from, setFrom] = useState("");
  const timeline = useQuery(timelineQuery(number));
  const id = lastProbe(timeline.data ?? [], asset);
  const job = useQuery({ ...jobQuery(id ?? ""), enabled: id !== undefined });
  const go = useMutation({
    mutationFn: () => order.probe(number, asset.id, from || null),
    onSuccess: () => {
      void extendTimeline(number);
      void queries.invalidateQueries({ queryKey: ticketQuery(number).queryKey, exact: true });
    },
  });
  const findings = job.data?.findings ?? [];
  return (
    <>
      {!isClosed && (
        <div className={style["probe"]}>
          <NativeSelect
            size="xs"
            label={t("assets.from")}
            value={from}
            onChange={(event) => setFrom(event.currentTarget.value)}
            data={[{ value: "", label: t("assets.anyNeighbour") }, ...ticket.devices.map((device) => ({ value: device.id, label: device.hostname ?? device.id.slice(0, 8) }))]}
          />
          <Button variant="default" leftSection={<Icon name="probe" />} loading={go.isPending} onClick={() => go.mutate()}>
            {t("assets.probe")}
          </Button>
        </div>
      )}
      {go.isError && <ProblemLine failure={go.error} />}
      {job.data && (
        <div className={style["finding"]} role="status">
          {findings.map((finding) => (
            <div key={`${finding.check} ${finding.subject}`} className={style["findingHead"]}>
              <StatusMark status={finding.status} isQuiet />
              <span>{finding.summary}</span>
            </div>
          ))}
          {findings.length === 0 && (
            <div className={style["findingHead"]}>
              <JobMark job={job.data} />
              <span>{job.data.reason ?? (job.data.waiting_for_device ? t("work.waitsForDevice") : "")}</span>
            </div>
          )}
          <div className={style["findingBody"]}>
            <p>
              {t("work.from", { device: job.data.hostname })} <TimeAgo at={job.data.issued_at} />
            </p>
            <Button variant="subtle" size="compact-xs" onClick={() => want({ job: job.data.id })}>
              {t("work.details")}
            </Button>
          </div>
        </div>
      )}
    </>
  );
}
