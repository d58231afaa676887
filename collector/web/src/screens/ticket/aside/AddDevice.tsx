import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { devicesQuery } from "../../../api/devices";
import { change, keepTicket, type Ticket } from "../../../api/tickets";
import { Icon } from "../../../parts/Icon";
import { StatusMark } from "../../../parts/StatusMark";
import { problemLine } from "../../../parts/problemText";
import { say } from "../../../parts/toasts";
import style from "./Aside.module.css";

const WAIT_MS = 200;

/** Finds a device by its name and puts it onto the ticket. */
export function AddDevice({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState("");
  const [looked] = useDebouncedValue(text.trim(), WAIT_MS);
  const found = useQuery({ ...devicesQuery(looked), enabled: looked !== "" });
  const add = useMutation({
    mutationFn: (device: string) => change.addDevice(ticket.number, device),
    onSuccess: (changed) => {
      keepTicket(changed);
      setOpen(false);
      setText("");
    },
    onError: (failure) => say(problemLine(t, failure), true),
  });
  const known = new Set(ticket.devices.map(({ id }) => id));
  const devices = looked === "" ? [] : (found.data?.items ?? []).filter(({ id }) => !known.has(id));
  if (!isOpen) {
    return (
      <Button variant="subtle" className={style["addDevice"] ?? ""} leftSection={<Icon name="add" />} onClick={() => setOpen(true)}>
        {t("ticket.addDevice")}
      </Button>
    );
  }
  return (
    <section className={style["card"]} aria-label={t("ticket.addDevice")}>
      <TextInput
        autoFocus
        size="xs"
        label={t("ticket.addDevice")}
        placeholder={t("ticket.findDevice")}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Escape" && setOpen(false)}
      />
      {found.data && devices.length === 0 && <p className={style["plain"]}>{t("ticket.noSuchDevice")}</p>}
      <div className={style["buttons"]}>
        {devices.map((device) => (
          <Button
            key={device.id}
            variant="default"
            leftSection={<StatusMark status={device.status} isConnected={device.connected} isQuiet />}
            onClick={() => add.mutate(device.id)}
          >
            {device.hostname}
          </Button>
        ))}
      </div>
    </section>
  );
}
