import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { consentsQuery, order, type Job } from "../../../api/jobs";
import { extendTimeline, type Ticket } from "../../../api/tickets";
import { Icon } from "../../../parts/Icon";
import { ProblemLine } from "../../../parts/ProblemLine";
import style from "./Action.module.css";

interface Props {
  plan: Job;
  action: string;
  ticket: Ticket;
}

/** Asks who sits at the device, on its desktop and on their page, and shows what they say. */
export function AskUser({ plan, action, ticket }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const consents = useQuery(consentsQuery(ticket.number));
  const mine = consents.data?.items.find((one) => one.plan === plan.id);
  const ask = useMutation({
    mutationFn: () =>
      order.consent(ticket.number, { device: plan.device, action, parameters: plan.parameters as Record<string, never>, plan: plan.id }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: consentsQuery(ticket.number).queryKey });
      void extendTimeline(ticket.number);
    },
  });
  return (
    <div className={style["stack"]}>
      {mine && <p>{t(`consent.standing.${mine.standing}`)}</p>}
      {ask.isError && <ProblemLine failure={ask.error} />}
      {mine?.standing !== "asked" && mine?.standing !== "given" && (
        <Button variant="default" loading={ask.isPending} leftSection={<Icon name="agree" />} onClick={() => ask.mutate()}>
          {t("consent.ask")}
        </Button>
      )}
    </div>
  );
}
