import { Button, Menu } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { meQuery } from "../../api/session";
import { caseFileAddress, type Ticket } from "../../api/tickets";
import { DueMark } from "../../parts/DueMark";
import { Icon } from "../../parts/Icon";
import { useKeys } from "../../parts/keys";
import { StateMark } from "../../parts/StateMark";
import { AssigneeMenu } from "./AssigneeMenu";
import { useClaim } from "./claim";
import { EscalateDialog } from "./EscalateDialog";
import { Looking } from "./Looking";
import { MacroMenu } from "./MacroMenu";
import { MoveDialog } from "./MoveDialog";
import { isPlain, moves, type Move } from "./moves";
import { PriorityMenu } from "./PriorityMenu";
import { useStart } from "./start";
import style from "./Ticket.module.css";

/** What a ticket is, where it stands, and how to move it on. */
export function TicketHead({ ticket }: { ticket: Ticket }) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const claim = useClaim();
  const { data: me } = useSuspenseQuery(meQuery);
  const [move, setMove] = useState<Move | "escalate">();
  const start = useStart();
  const go = (wanted: Move) => (isPlain(wanted) ? start(ticket) : setMove(wanted));
  const possible = moves(ticket.state);
  const isClosed = ticket.state === "closed";
  const main = ticket.state === "new" ? possible[0] : possible.at(-1);
  const others = possible.filter((one) => one !== main);
  useKeys(t("keys.ofTicket"), [
    { key: "c", says: t("keys.claim"), run: () => claim(ticket, me.name) },
    { key: "e", says: t("ticket.escalate"), run: () => !isClosed && setMove("escalate") },
    ...(possible.includes("propose") ? [{ key: "p", says: t("move.propose"), run: () => setMove("propose") }] : []),
    ...(possible.includes("wait") ? [{ key: "w", says: t("move.wait"), run: () => setMove("wait") }] : []),
    { key: "Escape", says: t("keys.back"), run: () => void navigate({ to: "/" }) },
  ]);
  return (
    <header className={style["head"]}>
      <div className={style["titleLine"]}>
        <h1>
          <span className={style["number"]}>{ticket.number}</span> {ticket.title}
        </h1>
        <div className={style["actions"]}>
          {ticket.assignee !== me.name && !isClosed && (
            <Button variant="default" leftSection={<Icon name="mine" />} onClick={() => claim(ticket, me.name)}>
              {t("ticket.claim")}
            </Button>
          )}
          {!isClosed && (
            <Button variant="default" leftSection={<Icon name="escalate" />} onClick={() => setMove("escalate")}>
              {t("ticket.escalate")}
            </Button>
          )}
          {!isClosed && <MacroMenu ticket={ticket} />}
          {others.length === 1 && others[0] && (
            <Button variant="default" onClick={() => others[0] && go(others[0])}>
              {t(`move.${others[0]}`)}
            </Button>
          )}
          {others.length > 1 && (
            <Menu>
              <Menu.Target>
                <Button variant="default" rightSection={<Icon name="down" />}>
                  {t("ticket.move")}
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {others.map((one) => (
                  <Menu.Item key={one} onClick={() => go(one)}>
                    {t(`move.${one}`)}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
          )}
          {main && (
            <Button leftSection={<Icon name="done" />} onClick={() => go(main)}>
              {t(`move.${main}`)}
            </Button>
          )}
        </div>
      </div>
      <div className={style["facts"]}>
        <StateMark state={ticket.state} waitingFor={ticket.waiting_for} isPlate />
        <PriorityMenu ticket={ticket} />
        <span className={style["fact"]}>{t("ticket.tier", { tier: t(`tier.${ticket.tier}`) })}</span>
        <AssigneeMenu ticket={ticket} me={me.name} />
        <span className={style["fact"]}>{t("ticket.site", { site: ticket.site })}</span>
        <DueMark clocks={ticket.clocks} />
        <Button
          component="a"
          href={caseFileAddress(ticket.number, i18n.language)}
          download
          title={t("ticket.caseFileText")}
          variant="subtle"
          size="compact-xs"
          leftSection={<Icon name="download" size={14} />}
        >
          {t("ticket.caseFile")}
        </Button>
        <Looking number={ticket.number} me={me.name} />
      </div>
      {move === "escalate" && <EscalateDialog ticket={ticket} close={() => setMove(undefined)} />}
      {move && move !== "escalate" && <MoveDialog ticket={ticket} move={move} close={() => setMove(undefined)} />}
    </header>
  );
}
