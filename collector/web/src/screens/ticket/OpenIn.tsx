import { Button, Menu } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";
import { offeredQuery, remoteTools } from "../../api/remoteTools";
import { extendTimeline } from "../../api/tickets";
import { Icon } from "../../parts/Icon";
import { problemLine } from "../../parts/problemText";
import { say } from "../../parts/toasts";
import style from "./OpenIn.module.css";

/** The page that opens knows neither this one nor its address. */
const REL = "noreferrer noopener";

function follow(address: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.target = "_blank";
  link.rel = REL;
  link.click();
}

/** Opens a device of a ticket in a remote desktop tool of its site; the ticket says so. */
export function OpenIn({ ticket, device }: { ticket: number; device: string }) {
  const { t } = useTranslation();
  const offered = useQuery(offeredQuery(ticket, device));
  const [given, setGiven] = useState<Schemas["RemoteAddress"]>();
  const open = useMutation({
    mutationFn: (tool: string) => remoteTools.open(ticket, device, tool),
    onSuccess: (address) => {
      follow(address.address);
      setGiven(address);
      return extendTimeline(ticket);
    },
    onError: (failure) => say(problemLine(t, failure), true),
  });
  const tools = offered.data?.items ?? [];
  const [first] = tools;
  if (!first) return null;
  const why = ({ unknown }: Schemas["OfferedTool"]) => (unknown === "address" ? t("openIn.noAddress") : t("openIn.noValue", { value: `{${unknown}}` }));
  return (
    <>
      {tools.length === 1 ? (
        <Button
          variant="default"
          leftSection={<Icon name="remote" />}
          loading={open.isPending}
          disabled={Boolean(first.unknown)}
          onClick={() => open.mutate(first.name)}
        >
          {t("openIn.one", { tool: first.name })}
        </Button>
      ) : (
        <Menu withinPortal={false} floatingStrategy="fixed">
          <Menu.Target>
            <Button variant="default" leftSection={<Icon name="remote" />} rightSection={<Icon name="down" />} loading={open.isPending}>
              {t("openIn.several")}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {tools.map((tool) => (
              <Menu.Item key={tool.name} disabled={Boolean(tool.unknown)} onClick={() => open.mutate(tool.name)}>
                {tool.name}
                {tool.unknown && <span className={style["why"]}>{why(tool)}</span>}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      {tools.length === 1 && first.unknown && <p className={style["again"]}>{why(first)}</p>}
      {given && (
        <p className={style["again"]} role="status">
          {t("openIn.again")}{" "}
          <a href={given.address} target="_blank" rel={REL} onClick={() => setGiven(undefined)}>
            {t("openIn.one", { tool: given.tool })}
          </a>
        </p>
      )}
    </>
  );
}
