import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Device } from "../../../api/devices";
import { order } from "../../../api/jobs";
import { extendTimeline, type Ticket } from "../../../api/tickets";
import { dayShort, time, timeExact } from "../../../locales/format";
import { Icon } from "../../../parts/Icon";
import { problemLine } from "../../../parts/problemText";
import { say } from "../../../parts/toasts";
import { isRecorded, recorded } from "./recorded";

interface Props {
  device: Device;
  ticket: Ticket | undefined;
  window: { from: number; to: number };
}

const EXACT_BELOW_MS = 600_000;
const HALF_A_DAY_MS = 43_200_000;

/** As exactly as its length wants. */
function span({ from, to }: Props["window"]): string {
  const length = to - from;
  const word = (at: string) => (length < EXACT_BELOW_MS ? timeExact(at) : length < HALF_A_DAY_MS ? time(at) : `${dayShort(at)}, ${time(at)}`);
  return `${word(new Date(from).toISOString())} – ${word(new Date(to).toISOString())}`;
}

/** Freezes onto the ticket what is known of the device, and what its own recorder has of this window. */
export function Recorder({ device, ticket, window }: Props) {
  const { t } = useTranslation();
  const freeze = useMutation({
    mutationFn: ({ number }: Ticket) => order.snapshot(number, device.id, recorded(window, Date.now())),
    onSuccess: (_, { number }) => {
      say(t("metrics.recorded", { number }));
      return extendTimeline(number);
    },
    onError: (failure) => say(problemLine(t, failure), true),
  });
  if (!ticket || ticket.state === "closed") return null;
  // What is older is refused by the collector as well.
  const ask = () => (isRecorded(window, Date.now()) ? freeze.mutate(ticket) : say(t("metrics.notRecorded"), true));
  return (
    <Button variant="default" loading={freeze.isPending} leftSection={<Icon name="camera" />} onClick={ask}>
      {t("metrics.record", { number: ticket.number, span: span(window) })}
    </Button>
  );
}
