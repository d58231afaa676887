import { Menu, UnstyledButton } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { change, keepTicket, type Priority, type Ticket } from "../../api/tickets";
import { PriorityMark } from "../../parts/PriorityMark";
import { problemLine } from "../../parts/problemText";
import { say } from "../../parts/toasts";

const PRIORITIES = ["urgent", "high", "normal", "low"] as const satisfies Priority[];

export function PriorityMenu({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  const set = useMutation({
    mutationFn: (priority: Priority) => change.priority(ticket, priority),
    onSuccess: keepTicket,
    onError: (failure) => say(problemLine(t, failure), true),
  });
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <UnstyledButton fz="sm" title={t("ticket.priority")}>
          <PriorityMark priority={ticket.priority} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {PRIORITIES.map((priority) => (
          <Menu.Item key={priority} onClick={() => set.mutate(priority)}>
            <PriorityMark priority={priority} />
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
