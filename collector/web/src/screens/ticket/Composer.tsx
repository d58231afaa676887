import { ActionIcon, Button, FileButton, Menu, SegmentedControl, Textarea, Tooltip } from "@mantine/core";
import { useMutation, useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { attach } from "../../api/attachments";
import { meQuery } from "../../api/session";
import { change, extendTimeline, keepTicket, repliesQuery, type Ticket } from "../../api/tickets";
import { language } from "../../locales/i18n";
import { Icon } from "../../parts/Icon";
import { useKeys } from "../../parts/keys";
import { ProblemLine } from "../../parts/ProblemLine";
import { say } from "../../parts/toasts";
import style from "./Composer.module.css";
import { useDrop } from "./drop";
import { Files } from "./Files";
import { admit } from "./files";
import { drafts, fill } from "./replies";

const KINDS = ["reply", "note", "said"] as const;
type Kind = (typeof KINDS)[number];

const SIDES = { reply: "technician", said: "requester", note: undefined } as const;

/** What is written onto a ticket: to the requester, between technicians, or what the requester said; and files. */
export function Composer({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  const { hash } = useLocation();
  const { data: me } = useSuspenseQuery(meQuery);
  const { data: replies } = useQuery(repliesQuery);
  const [kind, setKind] = useState<Kind>(ticket.requester ? "reply" : "note");
  const [text, setText] = useState(drafts.get(ticket.number) ?? "");
  const [files, setFiles] = useState<readonly File[]>([]);
  const box = useRef<HTMLTextAreaElement>(null);
  const write = (next: string) => {
    drafts.set(ticket.number, next);
    setText(next);
  };
  const take = (given: readonly File[]) => {
    const admitted = admit(t, files, given);
    setFiles(admitted.files);
    for (const words of admitted.refused) say(words, true);
  };
  const { ref: place, isOver } = useDrop(take);
  const send = useMutation({
    mutationFn: async () => {
      for (const file of files) {
        await attach(ticket.number, file, SIDES[kind]);
        setFiles((left) => left.filter((one) => one !== file));
      }
      if (text.trim() === "") return undefined;
      if (kind === "note") return change.note(ticket.number, text.trim());
      return change.message(ticket.number, { text: text.trim(), side: SIDES[kind] });
    },
    onSuccess: (changed) => {
      if (!changed) return void extendTimeline(ticket.number);
      write("");
      keepTicket(changed);
    },
  });
  useEffect(() => {
    if (hash === "reply") box.current?.focus();
  }, [hash]);
  const begin = (next: Kind) => () => {
    setKind(next);
    box.current?.focus();
  };
  useKeys(t("keys.ofComposer"), [
    { key: "r", says: t("keys.reply"), run: begin("reply") },
    { key: "m", says: t("keys.note"), run: begin("note") },
  ]);
  if (ticket.state === "closed") return <p className={style["closed"]}>{t("composer.closed")}</p>;
  const isEmpty = text.trim() === "" && files.length === 0;
  return (
    <form
      ref={place}
      className={style["composer"]}
      data-kind={kind}
      data-over={isOver || undefined}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isEmpty && !send.isPending) send.mutate();
      }}
    >
      <div className={style["bar"]}>
        <SegmentedControl
          size="xs"
          aria-label={t("composer.kind")}
          value={kind}
          onChange={(next) => setKind(next as Kind)}
          data={KINDS.map((value) => ({ value, label: t(`composer.${value}`) }))}
        />
        {kind === "reply" && replies && replies.items.length > 0 && (
          <Menu position="top-start">
            <Menu.Target>
              <Button variant="subtle" color="gray" rightSection={<Icon name="down" />}>
                {t("composer.canned")}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {replies.items.map((reply) => (
                <Menu.Item key={reply.name} onClick={() => write(fill(reply, language(), ticket, me.name))}>
                  {reply.name}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
        <span className={style["to"]}>{t(`composer.to.${kind}`, { name: ticket.requester ?? t("composer.nobody") })}</span>
      </div>
      <Textarea
        ref={box}
        autosize
        minRows={2}
        maxRows={14}
        maxLength={20_000}
        aria-label={t(`composer.${kind}`)}
        placeholder={isOver ? t("composer.drop") : t(`composer.placeholder.${kind}`)}
        value={text}
        onChange={(event) => write(event.currentTarget.value)}
        onPaste={(event) => {
          const pasted = [...event.clipboardData.files];
          if (pasted.length === 0) return;
          event.preventDefault();
          take(pasted);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
          if (event.key === "Escape") event.currentTarget.blur();
        }}
      />
      <Files files={files} remove={(file) => setFiles(files.filter((one) => one !== file))} />
      {send.isError && <ProblemLine failure={send.error} />}
      <div className={style["foot"]}>
        <FileButton multiple onChange={take} inputProps={{ "aria-label": t("composer.attach") }}>
          {(pick) => (
            <Tooltip label={t("composer.attach")}>
              <ActionIcon {...pick} aria-label={t("composer.attach")}>
                <Icon name="attach" />
              </ActionIcon>
            </Tooltip>
          )}
        </FileButton>
        <span className={style["to"]}>{t("composer.keys")}</span>
        <Button type="submit" disabled={isEmpty} loading={send.isPending} leftSection={<Icon name="send" />}>
          {t(`composer.send.${kind}`)}
        </Button>
      </div>
    </form>
  );
}
