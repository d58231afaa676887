import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { deviceQuery, findingsQuery } from "../../../api/devices";
import { useFollow } from "../../../api/follow";
import { order } from "../../../api/jobs";
import { extendTimeline, type Ticket } from "../../../api/tickets";
import { Failure } from "../../../parts/Failure";
import { Icon } from "../../../parts/Icon";
import { Loading } from "../../../parts/Loading";
import { StatusMark } from "../../../parts/StatusMark";
import { TimeAgo } from "../../../parts/TimeAgo";
import { problemLine } from "../../../parts/problemText";
import { say } from "../../../parts/toasts";
import { Worked } from "../../silence/Worked";
import type { Wanted } from "../action/wanted";
import { OpenIn } from "../OpenIn";
import style from "./Aside.module.css";
import { Changes } from "./Changes";
import { Cohort } from "./Cohort";
import { Findings } from "./Findings";
import { isWrong, nested } from "./nested";

interface Props {
  device: string;
  ticket: Ticket;
  /** Its light and findings change as they do. */
  isFollowed: boolean;
  want: (wanted: Wanted) => void;
}

/** A machine of the ticket: its light, what is wrong in one sentence, and what follows from that. */
export function DeviceCard({ device, ticket, isFollowed, want }: Props) {
  const { t } = useTranslation();
  useFollow(isFollowed ? `devices/${device}` : undefined);
  const known = useQuery(deviceQuery(device));
  const findings = useQuery(findingsQuery(device));
  const check = useMutation({
    mutationFn: () => order.checks(ticket.number, device, []),
    onSuccess: () => extendTimeline(ticket.number),
    onError: (failure) => say(problemLine(t, failure), true),
  });
  const freeze = useMutation({
    mutationFn: () => order.snapshot(ticket.number, device),
    onSuccess: () => extendTimeline(ticket.number),
    onError: (failure) => say(problemLine(t, failure), true),
  });
  if (known.isError && !known.data) return <Failure failure={known.error} again={() => void known.refetch()} isSmall />;
  if (!known.data) return <Loading />;
  const wrong = nested(findings.data?.items.filter(isWrong) ?? []);
  const [worst] = wrong;
  const isClosed = ticket.state === "closed";
  return (
    <section className={style["card"]} aria-label={known.data.hostname}>
      <div className={style["cardHead"]}>
        <Icon name="device" />
        <h2>
          <Link to="/devices/$id" params={{ id: device }} search={isClosed ? {} : { ticket: ticket.number }}>
            {known.data.hostname}
          </Link>
        </h2>
        <StatusMark status={known.data.status} isConnected={known.data.connected} isPlate />
      </div>
      {!known.data.connected && (
        <p className={style["plain"]}>
          {t("device.lastSeen")} <TimeAgo at={known.data.last_seen} />
        </p>
      )}
      <Worked device={known.data} />
      {findings.data && <p className={style["sentence"]}>{findings.data.what_is_wrong.technician}</p>}
      {findings.isError && <Failure failure={findings.error} isSmall />}
      {!isClosed && (
        <div className={style["buttons"]}>
          <Button variant="default" leftSection={<Icon name="check" />} loading={check.isPending} onClick={() => check.mutate()}>
            {t("device.checkAll")}
          </Button>
          <Button variant="default" leftSection={<Icon name="action" />} onClick={() => want({ device })}>
            {t("device.action")}
          </Button>
          <Button variant="default" leftSection={<Icon name="camera" />} loading={freeze.isPending} onClick={() => freeze.mutate()}>
            {t("device.freeze")}
          </Button>
          <OpenIn ticket={ticket.number} device={device} />
        </div>
      )}
      {findings.data && <Findings all={findings.data.items} wrong={wrong} device={device} isClosed={isClosed} want={want} />}
      <Changes device={device} finding={worst && `${worst.finding.check}/${worst.finding.subject}`} />
      {worst && <Cohort device={device} finding={`${worst.finding.check}/${worst.finding.subject}`} />}
    </section>
  );
}
