import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { order, type Job } from "../../../api/jobs";
import { extendTimeline, type Ticket } from "../../../api/tickets";
import { Icon } from "../../../parts/Icon";
import { ProblemLine } from "../../../parts/ProblemLine";

interface Props {
  job: Job;
  ticket: Ticket;
  begun: (job: string) => void;
}

/** Takes back what a job has changed. */
export function Undo({ job, ticket, begun }: Props) {
  const { t } = useTranslation();
  const undo = useMutation({
    mutationFn: () => order.action(ticket.number, { phase: "undo", undo_of: job.id }),
    onSuccess: (undone) => {
      void extendTimeline(ticket.number);
      begun(undone.id);
    },
  });
  return (
    <>
      {undo.isError && <ProblemLine failure={undo.error} />}
      <Button variant="default" loading={undo.isPending} leftSection={<Icon name="back" />} onClick={() => undo.mutate()}>
        {t("action.undo")}
      </Button>
    </>
  );
}
