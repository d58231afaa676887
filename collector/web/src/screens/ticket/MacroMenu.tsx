import { Button, Menu } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { change, keepTicket, macrosQuery, type Ticket } from "../../api/tickets";
import { Icon } from "../../parts/Icon";
import { problemLine } from "../../parts/problemText";
import { say } from "../../parts/toasts";

/** Several changes that are made again and again, at once. */
export function MacroMenu({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  const { data } = useQuery(macrosQuery);
  const run = useMutation({
    mutationFn: (macro: string) => change.macro(ticket.number, macro),
    onSuccess: keepTicket,
    onError: (failure) => say(problemLine(t, failure), true),
  });
  if (!data || data.items.length === 0) return null;
  return (
    <Menu>
      <Menu.Target>
        <Button variant="default" loading={run.isPending} rightSection={<Icon name="down" />}>
          {t("ticket.macros")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {data.items.map(({ name, description }) => (
          <Menu.Item key={name} title={description} onClick={() => run.mutate(name)}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
