import { Autocomplete, Button, CloseButton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { devicesQuery } from "../../api/devices";
import { people, type Person } from "../../api/people";
import page from "../../parts/page/Page.module.css";
import { ProblemLine } from "../../parts/ProblemLine";
import { StatusMark } from "../../parts/StatusMark";

const WAIT_MS = 200;

/** Machines of somebody: said to be theirs, or seen with them. */
export function PersonDevices({ person }: { person: Person }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [looked] = useDebouncedValue(text.trim(), WAIT_MS);
  const found = useQuery({ ...devicesQuery(looked), enabled: looked !== "" });
  const set = useMutation({ mutationFn: (run: () => Promise<unknown>) => run(), onSuccess: () => setText("") });
  const options = found.data?.items ?? [];
  const wanted = options.find(({ hostname }) => hostname.toLowerCase() === text.trim().toLowerCase());
  const devices = person.devices ?? [];
  return (
    <section className={page["card"]}>
      <h2>{t("devices.title")}</h2>
      {devices.length === 0 && <p className={page["plain"]}>{t("people.noDevice")}</p>}
      <ul className={page["list"]}>
        {devices.map((device) => (
          <li key={device.id} className={page["listRow"]}>
            <StatusMark status={device.status} isConnected={device.connected} isQuiet />
            <Link to="/devices/$id" params={{ id: device.id }}>
              {device.hostname}
            </Link>
            <span className={page["plain"]}>{t(`call.tie.${device.tie}`)}</span>
            {device.tie === "confirmed" ? (
              <CloseButton size="xs" aria-label={t("people.part", { device: device.hostname })} onClick={() => set.mutate(() => people.part(person.id, device.id))} />
            ) : (
              <Button variant="subtle" size="compact-xs" onClick={() => set.mutate(() => people.confirm(person.id, device.id))}>
                {t("people.confirm")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <form
        className={page["buttons"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (wanted) set.mutate(() => people.confirm(person.id, wanted.id));
        }}
      >
        <Autocomplete
          size="xs"
          aria-label={t("people.addDevice")}
          placeholder={t("ticket.findDevice")}
          data={[...new Set(options.map(({ hostname }) => hostname))]}
          value={text}
          onChange={setText}
        />
        <Button type="submit" variant="default" disabled={!wanted} loading={set.isPending}>
          {t("people.addDevice")}
        </Button>
      </form>
      {set.isError && <ProblemLine failure={set.error} />}
    </section>
  );
}
