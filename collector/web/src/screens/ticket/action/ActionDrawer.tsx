import { Drawer } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Ticket } from "../../../api/tickets";
import { ActionForm } from "./ActionForm";
import { JobPanel } from "./JobPanel";
import type { Wanted } from "./wanted";

interface Props {
  ticket: Ticket;
  wanted: Wanted;
  close: () => void;
}

/** From an action's choice to its plan, the user's consent, the run, its proof and its undoing. */
export function ActionDrawer({ ticket, wanted, close }: Props) {
  const { t } = useTranslation();
  const [job, setJob] = useState("job" in wanted ? wanted.job : undefined);
  return (
    <Drawer opened onClose={close} size="34rem" title={t("job" in wanted ? "job.title" : "action.title")} closeButtonProps={{ "aria-label": t("common.close") }}>
      {job ? (
        <JobPanel key={job} id={job} ticket={ticket} go={setJob} />
      ) : (
        "device" in wanted && <ActionForm ticket={ticket} device={wanted.device} action={wanted.action} subject={wanted.subject} given={wanted.values} planned={setJob} />
      )}
    </Drawer>
  );
}
