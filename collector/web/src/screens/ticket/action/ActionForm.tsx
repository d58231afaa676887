import { Button, NativeSelect } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { actionsQuery, findingsQuery, type Action } from "../../../api/devices";
import { order } from "../../../api/jobs";
import { extendTimeline, type Ticket } from "../../../api/tickets";
import { Failure } from "../../../parts/Failure";
import { Icon } from "../../../parts/Icon";
import { Loading } from "../../../parts/Loading";
import { ProblemLine } from "../../../parts/ProblemLine";
import { ClassMark } from "./ClassMark";
import { Fields } from "./Fields";
import style from "./Action.module.css";
import { grouped } from "./grouped";
import { begin, typed, type Values } from "./parameters";
import { Tried } from "./Tried";

interface Props {
  ticket: Ticket;
  device: string;
  action: string | undefined;
  /** Of the finding that it is to cure. */
  subject: string | undefined;
  /** What it is to be done with, by parameter. */
  given?: Values | undefined;
  planned: (job: string) => void;
}

/** Which action, with what. Nothing is changed: the device says what it would do. */
export function ActionForm({ ticket, device, action, subject, given, planned }: Props) {
  const { t } = useTranslation();
  const [id, setId] = useState(action ?? "");
  const actions = useQuery(actionsQuery(device));
  const findings = useQuery(findingsQuery(device));
  if (actions.isError && !actions.data) return <Failure failure={actions.error} again={() => void actions.refetch()} isSmall />;
  if (!actions.data || findings.isPending) return <Loading lines={5} />;
  const groups = grouped(t, actions.data.items, findings.data?.items ?? []);
  const chosen = actions.data.items.find((one) => one.id === id);
  return (
    <div className={style["stack"]}>
      <NativeSelect
        label={t("action.which")}
        value={id}
        onChange={(event) => setId(event.currentTarget.value)}
        data={[{ value: "", label: t("action.choose") }, ...groups.map(({ title, actions: all }) => ({ group: title, items: all.map(option) }))]}
      />
      {id && !chosen && <p className={style["plain"]}>{t("action.notThere", { action: id })}</p>}
      {chosen && <Chosen key={chosen.id} ticket={ticket} device={device} action={chosen} subject={subject} given={given} planned={planned} />}
    </div>
  );
}

function option({ id, title }: Action): { value: string; label: string } {
  return { value: id, label: `${title} · ${id}` };
}

interface ChosenProps extends Omit<Props, "action"> {
  action: Action;
}

function Chosen({ ticket, device, action, subject, given, planned }: ChosenProps) {
  const { t } = useTranslation();
  const [values, setValues] = useState(() => ({ ...begin(action.parameters, subject), ...given }));
  const plan = useMutation({
    mutationFn: () => order.action(ticket.number, { device, action: action.id, phase: "plan", parameters: typed(action.parameters, values) }),
    onSuccess: (job) => {
      void extendTimeline(ticket.number);
      planned(job.id);
    },
  });
  return (
    <form
      className={style["stack"]}
      onSubmit={(event) => {
        event.preventDefault();
        plan.mutate();
      }}
    >
      <ClassMark action={action} />
      <Fields parameters={action.parameters} values={values} set={setValues} />
      <Tried device={device} action={action.id} ticket={ticket.number} />
      {plan.isError && <ProblemLine failure={plan.error} />}
      <Button type="submit" size="sm" loading={plan.isPending} leftSection={<Icon name="search" />}>
        {t("action.plan")}
      </Button>
      <p className={style["plain"]}>{t("action.planHelp")}</p>
    </form>
  );
}
