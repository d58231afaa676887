import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { consentsQuery } from "../../../api/jobs";
import { ticketQuery } from "../../../api/tickets";
import type { EventOf } from "../../../api/timeline";
import { Icon } from "../../../parts/Icon";
import { useMay } from "../../../parts/may";
import { toRun } from "../action/agreed";
import type { Wanted } from "../action/wanted";
import { Line } from "./Line";

interface Props {
  event: EventOf<"consent_answered">;
  ticket: number;
  want: (wanted: Wanted) => void;
}

/** What the user answered, and the way to do what they agreed to, until it is done. */
export function Answered({ event, ticket, want }: Props) {
  const { t } = useTranslation();
  const mayRun = useMay("technician");
  const isOpen = useQuery({ ...ticketQuery(ticket), enabled: false }).data?.state !== "closed";
  const consents = useQuery({ ...consentsQuery(ticket), enabled: mayRun && isOpen && event.answer !== "no" });
  const next = mayRun && isOpen ? toRun(consents.data?.items ?? [], event.consent) : undefined;
  return (
    <Line event={event}>
      {next && (
        <Button size="compact-xs" leftSection={<Icon name="run" size={13} />} aria-label={`${t("action.run")}: ${next.action}`} onClick={() => want(next)}>
          {t("action.run")}
        </Button>
      )}
    </Line>
  );
}
