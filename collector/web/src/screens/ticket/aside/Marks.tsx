import { ActionIcon, Button, CloseButton, TextInput, Tooltip } from "@mantine/core";
import { useMutation, useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { meQuery } from "../../../api/session";
import { change, keepTicket, type Ticket } from "../../../api/tickets";
import { Icon } from "../../../parts/Icon";
import { problemLine } from "../../../parts/problemText";
import { say } from "../../../parts/toasts";
import { LinkForm } from "./LinkForm";
import style from "./Aside.module.css";

/** Tags, who watches it, and how it belongs to other tickets. */
export function Marks({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  const { data: me } = useSuspenseQuery(meQuery);
  const [tag, setTag] = useState("");
  const set = useMutation({
    mutationFn: (run: () => Promise<Ticket>) => run(),
    onSuccess: (changed) => {
      setTag("");
      keepTicket(changed);
    },
    onError: (failure) => say(problemLine(t, failure), true),
  });
  const isWatching = ticket.watchers.includes(me.name);
  const { number } = ticket;
  return (
    <section className={style["card"]} aria-label={t("marks.title")}>
      <h3 className={style["sub"]}>{t("marks.tags")}</h3>
      <div className={style["tags"]}>
        {ticket.tags.map((one) => (
          <span key={one} className={style["tag"]}>
            <Link to="/" search={{ tag: one }}>
              {one}
            </Link>
            <CloseButton size="xs" aria-label={t("marks.untag", { tag: one })} onClick={() => set.mutate(() => change.untag(number, one))} />
          </span>
        ))}
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (tag.trim()) set.mutate(() => change.tag(number, tag.trim()));
          }}
        >
          <TextInput
            size="xs"
            w="8.5rem"
            maxLength={40}
            aria-label={t("marks.addTag")}
            placeholder={t("marks.addTag")}
            value={tag}
            onChange={(event) => setTag(event.currentTarget.value)}
            rightSection={
              <Tooltip label={t("marks.addTag")}>
                <ActionIcon type="submit" size="sm" aria-label={t("marks.addTag")}>
                  <Icon name="add" size={14} />
                </ActionIcon>
              </Tooltip>
            }
          />
        </form>
      </div>
      <h3 className={style["sub"]}>{t("marks.watchers")}</h3>
      <div className={style["tags"]}>
        <span>{ticket.watchers.join(", ") || t("marks.nobody")}</span>
        <Button
          variant="subtle"
          leftSection={<Icon name="watch" />}
          onClick={() => set.mutate(() => (isWatching ? change.unwatch(number, me.name) : change.watch(number)))}
        >
          {t(isWatching ? "marks.unwatch" : "marks.watch")}
        </Button>
      </div>
      <h3 className={style["sub"]}>{t("marks.links")}</h3>
      <ul className={style["list"]}>
        {ticket.incident && (
          <li>
            {t("marks.incident")}{" "}
            <Link to="/tickets/$number" params={{ number: ticket.incident }}>
              {ticket.incident}
            </Link>
          </li>
        )}
        {ticket.links.map((link) => (
          <li key={`${link.relation} ${link.ticket}`}>
            {t(`relation.${link.relation}`)}{" "}
            <Link to="/tickets/$number" params={{ number: link.ticket }}>
              {link.ticket}
            </Link>
          </li>
        ))}
      </ul>
      <LinkForm link={(relation, other) => set.mutate(() => change.link(number, relation, other))} />
    </section>
  );
}
