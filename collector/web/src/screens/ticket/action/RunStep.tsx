import { Button, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { actionsQuery } from "../../../api/devices";
import { consentsQuery, order, type Job } from "../../../api/jobs";
import { extendTimeline, type Ticket } from "../../../api/tickets";
import { Icon } from "../../../parts/Icon";
import { ProblemLine } from "../../../parts/ProblemLine";
import { asked } from "../../../parts/workTitle";
import { isAgreed, needOf } from "./agreed";
import { AskUser } from "./AskUser";
import style from "./Action.module.css";
import { classOf } from "./ClassMark";

interface Props {
  /** The job that planned it. */
  plan: Job;
  ticket: Ticket;
  ran: (job: string) => void;
}

/** Does what was planned, once the user agrees where that is needed. */
export function RunStep({ plan, ticket, ran }: Props) {
  const { t } = useTranslation();
  const why = useId();
  const [agreed, setAgreed] = useState("");
  const { action: id = "" } = asked(plan.title);
  const actions = useQuery(actionsQuery(plan.device));
  const action = actions.data?.items.find((one) => one.id === id);
  const parameters = plan.parameters as Record<string, never>;
  const need = action && needOf(plan, classOf(action));
  const asks = need === "any" || need === "user";
  const consents = useQuery({ ...consentsQuery(ticket.number), enabled: asks });
  const run = useMutation({
    mutationFn: () =>
      order.action(ticket.number, { device: plan.device, action: id, phase: "apply", parameters, ...(agreed.trim() && { consent: agreed.trim() }) }),
    onSuccess: (job) => {
      void extendTimeline(ticket.number);
      // What was refused can be tried again from here.
      if (job.state !== "refused") ran(job.id);
    },
  });
  if (!need || ticket.state === "closed") return null;
  const isRecorded = need === "any" && agreed.trim() !== "";
  const isMissing = asks && !isRecorded && !isAgreed(consents.data?.items ?? [], { device: plan.device, action: id, parameters });
  const refused = run.data?.state === "refused" ? run.data.reason : undefined;
  return (
    <section className={style["run"]}>
      <p className={style["plain"]}>{t(`action.need.${need}`)}</p>
      {asks && <AskUser plan={plan} action={id} ticket={ticket} />}
      {need === "any" && (
        <TextInput
          label={t("consent.recorded")}
          description={t("consent.recordedHelp")}
          placeholder={t("consent.recordedExample")}
          maxLength={200}
          value={agreed}
          onChange={(event) => setAgreed(event.currentTarget.value)}
        />
      )}
      {run.isError && <ProblemLine failure={run.error} />}
      {refused && <p className={style["reason"]}>{refused}</p>}
      {isMissing && (
        <p id={why} className={style["plain"]}>
          {t(need === "user" ? "action.waitsForUser" : "action.waitsForConsent")}
        </p>
      )}
      <Button size="sm" disabled={isMissing || need === "vain"} aria-describedby={isMissing ? why : undefined} loading={run.isPending} leftSection={<Icon name="run" />} onClick={() => run.mutate()}>
        {t("action.run")}
      </Button>
    </section>
  );
}
