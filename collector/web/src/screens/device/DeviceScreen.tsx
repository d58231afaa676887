import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { deviceQuery } from "../../api/devices";
import { useFollow } from "../../api/follow";
import { ticketQuery } from "../../api/tickets";
import { Failure } from "../../parts/Failure";
import { Loading } from "../../parts/Loading";
import { late } from "../../parts/late";
import page from "../../parts/page/Page.module.css";
import { useTitle } from "../../parts/title";
import { ActionDrawer } from "../ticket/action/ActionDrawer";
import type { Wanted } from "../ticket/action/wanted";
import { useTicketOffer } from "../ticket/useTicketOffer";
import { DeviceHead } from "./DeviceHead";
import { DeviceTabs } from "./DeviceTabs";
import type { DeviceSearch, Tab } from "./search";
import type { TabProps } from "./tab";
import { TicketDialog } from "./TicketDialog";

const TAB_SCREENS: Record<Tab, React.ComponentType<TabProps>> = {
  overview: late(() => import("./overview/Overview"), "Overview"),
  facts: late(() => import("./facts/Facts"), "Facts"),
  metrics: late(() => import("./metrics/Metrics"), "Metrics"),
  changes: late(() => import("./changes/Changes"), "Changes"),
  live: late(() => import("./live/Live"), "Live"),
  work: late(() => import("./work/Work"), "Work"),
  agent: late(() => import("./agent/Agent"), "Agent"),
};

/** A machine: what it is, how it is, what was done to it; and asking it, for a ticket. */
export function DeviceScreen() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/inside/devices/$id" });
  const search: DeviceSearch = useSearch({ from: "/inside/devices/$id" });
  const navigate = useNavigate({ from: "/devices/$id" });
  const device = useQuery(deviceQuery(id));
  const [wanted, setWanted] = useState<Wanted>();
  const ticket = useQuery({ ...ticketQuery(search.ticket ?? 0), enabled: search.ticket !== undefined });
  useFollow(`devices/${id}`);
  useFollow(search.ticket === undefined ? undefined : `tickets/${search.ticket}`);
  useTicketOffer(ticket.data, id, setWanted);
  useTitle(device.data?.hostname ?? t("device.named"));
  if (device.isError && !device.data) return <Failure isPage failure={device.error} again={() => void device.refetch()} />;
  if (!device.data) return <Loading lines={8} />;
  const set: TabProps["set"] = (part, without = []) => {
    const next = { ...search, ...part };
    for (const name of without) delete next[name];
    void navigate({ search: next, replace: true });
  };
  const tab = search.tab ?? "overview";
  const Shown = TAB_SCREENS[tab];
  const stop = () => setWanted(undefined);
  const given = search.ticket === undefined ? undefined : ticket.data;
  return (
    <div className={page["page"]}>
      <DeviceHead
        device={device.data}
        ticket={given}
        leave={() => set({}, ["ticket"])}
        want={() => setWanted({ device: id })}
      />
      <DeviceTabs tab={tab} search={search} />
      <Suspense fallback={<Loading lines={8} />}>
        <Shown key={`${id} ${tab}`} device={device.data} ticket={given} search={search} set={set} want={setWanted} />
      </Suspense>
      {wanted && !given && <TicketDialog device={device.data} chosen={(number) => set({ ticket: number })} close={stop} />}
      {wanted && given && <ActionDrawer key={JSON.stringify(wanted)} ticket={given} wanted={wanted} close={stop} />}
    </div>
  );
}
