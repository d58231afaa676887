import { Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Device } from "../../api/devices";
import { TicketChoice } from "./TicketChoice";

interface Props {
  device: Device;
  chosen: (ticket: number) => void;
  close: () => void;
}

export function TicketDialog({ device, chosen, close }: Props) {
  const { t } = useTranslation();
  return (
    <Modal opened onClose={close} title={t("choice.title")} size="lg" closeButtonProps={{ "aria-label": t("common.close") }}>
      <TicketChoice device={device} chosen={chosen} />
    </Modal>
  );
}
