import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Device } from "../../../api/devices";
import { given, order } from "../../../api/jobs";
import type { Window } from "../../../api/metrics";
import type { Ticket } from "../../../api/tickets";
import { Icon } from "../../../parts/Icon";
import { problemLine } from "../../../parts/problemText";
import { say } from "../../../parts/toasts";

/** As far back as a device's own recorder goes, milliseconds. */
const RECORDED_MS = 86_400_000;

interface Props {
  device: Device;
  ticket: Ticket | undefined;
  window: Window;
}

/** Puts what the device's own recorder has of this window onto the ticket. */
export function Recorder({ device, ticket, window }: Props) {
  const { t } = useTranslation();
  const ask = useMutation({
    mutationFn: ({ number }: Ticket) => {
      const parameters = { since: rfc(window.from), until: rfc(window.to) };
      return order.table(number, { device: device.id, table: "recorded_metrics", parameters: given(parameters) });
    },
    onSuccess: (_, { number }) => say(t("metrics.recorded", { number })),
    onError: (failure) => say(problemLine(t, failure), true),
  });
  if (!ticket || window.to - window.from > RECORDED_MS) return null;
  return (
    <Button variant="default" loading={ask.isPending} leftSection={<Icon name="camera" />} onClick={() => ask.mutate(ticket)}>
      {t("metrics.record", { number: ticket.number })}
    </Button>
  );
}

function rfc(at: number): string {
  return new Date(at).toISOString();
}
