import { Button, Checkbox, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import { openTicket, type Priority } from "../../api/tickets";
import { Icon } from "../../parts/Icon";
import { ProblemLine } from "../../parts/ProblemLine";
import style from "./Call.module.css";
import { DeviceBrief } from "./DeviceBrief";

const PRIORITIES = ["urgent", "high", "normal", "low"] as const satisfies Priority[];

interface Props {
  problem: RefObject<HTMLInputElement | null>;
  /** Id of who it is, if the directory has them. */
  person: string | undefined;
  requester: string;
  site: string | undefined;
  device: string | undefined;
  /** Id of the thing without an agent that the call is about. */
  asset: string | undefined;
}

/** The ticket that Enter opens. */
export function OpenForm({ problem, person, requester, site, device, asset }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [title, setTitle] = useState("");
  const [name, setName] = useState<string>();
  const [note, setNote] = useState("");
  const [priority, setPriority] = useState<Priority>("normal");
  const [isChecked, setChecked] = useState(true);
  const who = name ?? requester;
  const open = useMutation({
    mutationFn: () =>
      openTicket({
        title: title.trim(),
        priority,
        ...(person && who === requester ? { person } : who && { requester: who }),
        ...(note.trim() && { note: note.trim() }),
        ...(device ? { devices: [device] } : site && { site }),
        ...(asset && { assets: [asset] }),
        ...(device && isChecked && { first: { checks: { device } } }),
      }),
    onSuccess: (ticket) => void navigate({ to: "/tickets/$number", params: { number: ticket.number } }),
  });
  return (
    <section className={style["open"]} aria-labelledby="new">
      <h2 id="new">{t("call.new")}</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          open.mutate();
        }}
      >
        <TextInput ref={problem} label={t("call.problem")} required maxLength={200} value={title} onChange={(event) => setTitle(event.currentTarget.value)} />
        <div className={style["pair"]}>
          <TextInput label={t("call.requester")} maxLength={200} value={who} onChange={(event) => setName(event.currentTarget.value)} />
          <NativeSelect
            label={t("call.priority")}
            value={priority}
            onChange={(event) => setPriority(event.currentTarget.value as Priority)}
            data={PRIORITIES.map((value) => ({ value, label: t(`priority.${value}`) }))}
          />
        </div>
        <Textarea label={t("call.note")} autosize minRows={3} maxRows={12} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
        {device && (
          <>
            <DeviceBrief device={device} />
            <Checkbox label={t("call.check")} checked={isChecked} onChange={(event) => setChecked(event.currentTarget.checked)} />
          </>
        )}
        {open.isError && <ProblemLine failure={open.error} />}
        <Button type="submit" size="sm" loading={open.isPending} leftSection={<Icon name="add" />}>
          {t("call.open")}
        </Button>
      </form>
    </section>
  );
}
