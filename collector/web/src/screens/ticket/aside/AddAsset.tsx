import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { foundAssetsQuery } from "../../../api/assets";
import { change, keepTicket, type Ticket } from "../../../api/tickets";
import { Icon } from "../../../parts/Icon";
import { problemLine } from "../../../parts/problemText";
import { say } from "../../../parts/toasts";
import style from "./Aside.module.css";

const WAIT_MS = 200;

/** Finds a thing without an agent and puts it onto the ticket. */
export function AddAsset({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState("");
  const [looked] = useDebouncedValue(text.trim(), WAIT_MS);
  const found = useQuery({ ...foundAssetsQuery(looked), enabled: isOpen && looked !== "" });
  const add = useMutation({
    mutationFn: (asset: string) => change.addAsset(ticket.number, asset),
    onSuccess: (changed) => {
      keepTicket(changed);
      setOpen(false);
      setText("");
    },
    onError: (failure) => say(problemLine(t, failure), true),
  });
  const known = new Set(ticket.assets.map(({ id }) => id));
  const things = looked === "" ? [] : (found.data?.items ?? []).filter(({ id }) => !known.has(id));
  if (!isOpen) {
    return (
      <Button variant="subtle" className={style["addDevice"] ?? ""} leftSection={<Icon name="asset" />} onClick={() => setOpen(true)}>
        {t("assets.add")}
      </Button>
    );
  }
  return (
    <section className={style["card"]} aria-label={t("assets.add")}>
      <TextInput
        autoFocus
        size="xs"
        label={t("assets.add")}
        placeholder={t("assets.search")}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Escape" && setOpen(false)}
      />
      {looked !== "" && found.data && things.length === 0 && (
        <p className={style["plain"]}>
          {t("assets.noneFound")} · <Link to="/assets">{t("assets.title")}</Link>
        </p>
      )}
      <div className={style["buttons"]}>
        {things.map((thing) => (
          <Button key={thing.id} variant="default" leftSection={<Icon name="asset" />} onClick={() => add.mutate(thing.id)}>
            {[thing.name, thing.place].filter(Boolean).join(" · ")}
          </Button>
        ))}
      </div>
    </section>
  );
}
