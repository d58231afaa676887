import { Button } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { assetQuery, assets, type Asset } from "../../api/assets";
import { ticketsQuery } from "../../api/tickets";
import { moment } from "../../locales/format";
import { Confirm } from "../../parts/Confirm";
import { Failure } from "../../parts/Failure";
import { Icon } from "../../parts/Icon";
import { Loading } from "../../parts/Loading";
import page from "../../parts/page/Page.module.css";
import { Panel } from "../../parts/Panel";
import { StateMark } from "../../parts/StateMark";
import { AssetForm } from "./AssetForm";

const MOST_TICKETS = 8;

interface Props {
  id: string;
  close: () => void;
}

/** One thing: what is known of it, the tickets about it, and changing it. */
export function AssetPanel({ id, close }: Props) {
  const { t } = useTranslation();
  const query = useQuery(assetQuery(id));
  const [isChanged, setChanged] = useState(false);
  const asset = query.data;
  return (
    <Panel title={asset?.name ?? t("assets.one")} close={close}>
      {query.isError && !asset && <Failure failure={query.error} again={() => void query.refetch()} isSmall />}
      {query.isPending && <Loading lines={6} />}
      {asset && !isChanged && <Known asset={asset} change={() => setChanged(true)} />}
      {asset && isChanged && <AssetForm asset={asset} done={() => setChanged(false)} />}
    </Panel>
  );
}

const FIELDS = ["place", "model", "serial"] as const;

function Known({ asset, change }: { asset: Asset; change: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const tickets = useInfiniteQuery(ticketsQuery({ asset: asset.id, state: "unresolved" }));
  const [isAsked, setAsked] = useState(false);
  const remove = useMutation({ mutationFn: () => assets.remove(asset.id), onSuccess: () => setAsked(false) });
  const about = tickets.data?.pages[0]?.items ?? [];
  const address = [asset.address, asset.port].filter(Boolean).join(":");
  return (
    <>
      {asset.removed_at && <p className={page["plain"]}>{t("assets.removedAt", { at: moment(asset.removed_at) })}</p>}
      <dl className={page["pairs"]}>
        <dt>{t("assets.kind")}</dt>
        <dd>{t(`assets.kinds.${asset.kind}`)}</dd>
        <dt>{t("tokens.site")}</dt>
        <dd>{asset.site}</dd>
        {FIELDS.map((field) => asset[field] && <Pair key={field} name={t(`assets.${field}`)} text={asset[field]} />)}
        {address && <Pair name={t("assets.address")} text={address} />}
        {asset.note && <Pair name={t("assets.note")} text={asset.note} />}
        <Pair name={t("documents.changed")} text={`${asset.changed_by}, ${moment(asset.changed_at)}`} />
      </dl>
      {!asset.removed_at && (
        <div className={page["buttons"]}>
          <Button leftSection={<Icon name="phone" />} onClick={() => void navigate({ to: "/call", search: { number: asset.name } })}>
            {t("assets.openTicket")}
          </Button>
          <Button variant="default" leftSection={<Icon name="edit" />} onClick={change}>
            {t("admin.change")}
          </Button>
          <Button variant="default" leftSection={<Icon name="delete" />} onClick={() => setAsked(true)}>
            {t("admin.remove")}
          </Button>
        </div>
      )}
      <section className={page["card"]}>
        <h2>{t("assets.tickets")}</h2>
        {tickets.data && about.length === 0 && <p className={page["plain"]}>{t("assets.noTickets")}</p>}
        <ul className={page["list"]}>
          {about.slice(0, MOST_TICKETS).map((ticket) => (
            <li key={ticket.number} className={page["listRow"]}>
              <StateMark state={ticket.state} isQuiet />
              <Link to="/tickets/$number" params={{ number: ticket.number }}>
                <span className="num">{ticket.number}</span> {ticket.title}
              </Link>
            </li>
          ))}
        </ul>
        <div className={page["listRow"]}>
          <Link to="/" search={{ asset: asset.id, state: "any" }}>
            {t("assets.allTickets")}
          </Link>
        </div>
      </section>
      {isAsked && (
        <Confirm
          title={t("assets.removeTitle", { name: asset.name })}
          text={t("assets.removeText")}
          does={t("admin.remove")}
          isBusy={remove.isPending}
          failure={remove.error}
          run={() => remove.mutate()}
          close={() => setAsked(false)}
        />
      )}
    </>
  );
}

function Pair({ name, text }: { name: string; text: string | null | undefined }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{text}</dd>
    </>
  );
}
