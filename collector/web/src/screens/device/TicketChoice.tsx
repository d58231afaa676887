import { Button, TextInput } from "@mantine/core";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Device } from "../../api/devices";
import { openTicket, ticketsQuery } from "../../api/tickets";
import { Failure } from "../../parts/Failure";
import { Icon } from "../../parts/Icon";
import { Loading } from "../../parts/Loading";
import { ProblemLine } from "../../parts/ProblemLine";
import { StateMark } from "../../parts/StateMark";
import style from "./Device.module.css";

interface Props {
  device: Device;
  chosen: (ticket: number) => void;
}

/** Whatever asks a device belongs to a ticket: one that is open, or a new one in the same step. */
export function TicketChoice({ device, chosen }: Props) {
  const { t } = useTranslation();
  const [title, setTitle] = useState("");
  const list = useInfiniteQuery(ticketsQuery({ state: "unresolved", device: device.id, order: "due" }));
  const tickets = list.data?.pages.flatMap((page) => page.items) ?? [];
  const open = useMutation({
    mutationFn: () => openTicket({ title: title.trim(), devices: [device.id] }),
    onSuccess: (ticket) => chosen(ticket.number),
  });
  return (
    <div className={style["choice"]}>
      {list.isPending && <Loading lines={2} />}
      {list.isError && !list.data && <Failure failure={list.error} again={() => void list.refetch()} isSmall />}
      {tickets.length > 0 && (
        <ul className={style["tickets"]} aria-label={t("choice.open", { device: device.hostname })}>
          {tickets.map((ticket, at) => (
            <li key={ticket.number}>
              <button type="button" data-autofocus={at === 0 || undefined} onClick={() => chosen(ticket.number)}>
                <StateMark state={ticket.state} isQuiet />
                <span className="num">{ticket.number}</span>
                <span>{ticket.title}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <form
        className={style["new"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (title.trim()) open.mutate();
        }}
      >
        <TextInput
          required
          maxLength={200}
          label={t(tickets.length > 0 ? "choice.orNew" : "choice.new")}
          placeholder={t("choice.placeholder")}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <Button type="submit" size="sm" loading={open.isPending} leftSection={<Icon name="add" />}>
          {t("choice.openIt")}
        </Button>
      </form>
      {open.isError && <ProblemLine failure={open.error} />}
    </div>
  );
}
