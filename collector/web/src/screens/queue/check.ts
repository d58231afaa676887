//! Running all checks from the list.

import { useTranslation } from "react-i18next";
import { order } from "../../api/jobs";
import type { Ticket } from "../../api/tickets";
import { problemLine } from "../../parts/problemText";
import { say } from "../../parts/toasts";

export function useCheck(): (ticket: Ticket) => void {
  const { t } = useTranslation();
  return ({ number, devices: [device] }) => {
    if (!device) return say(t("queue.noDevice", { number }), true);
    order
      .checks(number, device.id, [])
      .then((job) => say(t("queue.checked", { device: job.hostname })))
      .catch((failure: unknown) => say(problemLine(t, failure), true));
  };
}
