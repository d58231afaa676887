import { useTranslation } from "react-i18next";
import type { Ticket } from "../../../api/tickets";
import { Notice } from "../../../parts/Notice";
import type { Wanted } from "../action/wanted";
import { AddAsset } from "./AddAsset";
import { AddDevice } from "./AddDevice";
import style from "./Aside.module.css";
import { AssetCard } from "./AssetCard";
import { Clocks } from "./Clocks";
import { DeviceCard } from "./DeviceCard";
import { Marks } from "./Marks";
import { Requester } from "./Requester";

/** A browser gives few connections to one server. */
const MOST_FOLLOWED = 1;

interface Props {
  ticket: Ticket;
  want: (wanted: Wanted) => void;
}

/** What is known beside a ticket, and what can be done. */
export function Aside({ ticket, want }: Props) {
  const { t } = useTranslation();
  return (
    <aside className={style["aside"]} aria-label={t("ticket.beside")}>
      <Requester ticket={ticket} />
      <Clocks clocks={ticket.clocks} />
      {ticket.devices.map((device, at) => (
        <DeviceCard key={device.id} device={device.id} ticket={ticket} isFollowed={at < MOST_FOLLOWED} want={want} />
      ))}
      {ticket.devices.length === 0 && (
        <section className={style["card"]}>
          <Notice icon="device" title={t("ticket.noDevice")} isSmall>
            <p>{t("ticket.noDeviceText")}</p>
          </Notice>
        </section>
      )}
      {ticket.assets.map(({ id }) => (
        <AssetCard key={id} asset={id} ticket={ticket} want={want} />
      ))}
      {ticket.state !== "closed" && (
        <div className={style["adding"]}>
          <AddDevice ticket={ticket} />
          <AddAsset ticket={ticket} />
        </div>
      )}
      <Marks ticket={ticket} />
    </aside>
  );
}
