import { Kbd, UnstyledButton } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { meQuery } from "../../api/session";
import type { QueueSearch } from "../../screens/queue/search";
import { Icon } from "../Icon";
import type { Picture } from "../icons";
import { AccountMenu } from "./AccountMenu";
import { SavedViews } from "./SavedViews";
import style from "./Sidebar.module.css";

interface Props {
  openPalette: () => void;
  openKeys: () => void;
}

export function Sidebar({ openPalette, openKeys }: Props) {
  const { t } = useTranslation();
  const { data: me } = useSuspenseQuery(meQuery);
  const views: { icon: Picture; title: string; search: QueueSearch }[] = [
    { icon: "queue", title: t("views.open"), search: {} },
    { icon: "mine", title: t("views.mine"), search: { assignee: "me" } },
    { icon: "new", title: t("views.new"), search: { state: "new" } },
    { icon: "waiting", title: t("views.waiting"), search: { state: "waiting" } },
    { icon: "proposed", title: t("views.proposed"), search: { state: "proposed" } },
    { icon: "watch", title: t("views.watched"), search: { watcher: "me" } },
    { icon: "resolved", title: t("views.resolved"), search: { state: "resolved" } },
  ];
  const places = [
    { icon: "device", title: t("devices.title"), to: "/devices" },
    { icon: "asset", title: t("assets.title"), to: "/assets" },
    { icon: "person", title: t("people.title"), to: "/people" },
    { icon: "policy", title: t("admin.title"), to: "/admin" },
  ] as const;
  return (
    <nav className={style["sidebar"]} aria-label={t("shell.navigation")}>
      <div className={style["brand"]}>
        <img src="/icon.svg" alt="" width={22} height={22} />
        <span>Sonde</span>
      </div>
      <UnstyledButton className={style["search"]} onClick={openPalette} aria-keyshortcuts="Control+K">
        <Icon name="search" />
        <span className={style["label"]}>{t("shell.search")}</span>
        <Kbd size="xs" className={style["kbd"]}>Ctrl K</Kbd>
      </UnstyledButton>
      <Link to="/call" className={style["item"]} activeProps={{ "data-active": true }}>
        <Icon name="phone" size={17} />
        <span className={style["label"]}>{t("shell.call")}</span>
        <Kbd size="xs" className={style["kbd"]}>N</Kbd>
      </Link>
      <h2 className={style["heading"]}>{t("shell.tickets")}</h2>
      <ul className={style["list"]}>
        {views.map(({ icon, title, search }) => (
          <li key={title}>
            <Link
              to="/"
              search={search}
              title={title}
              className={style["item"]}
              activeOptions={{ exact: true, includeSearch: true }}
              activeProps={{ "data-active": true }}
            >
              <Icon name={icon} size={17} />
              <span className={style["label"]}>{title}</span>
            </Link>
          </li>
        ))}
      </ul>
      <SavedViews />
      <h2 className={style["heading"]}>{t("shell.fleet")}</h2>
      <ul className={style["list"]}>
        {places.map(({ icon, title, to }) => (
          <li key={to}>
            <Link to={to} title={title} className={style["item"]} activeProps={{ "data-active": true }}>
              <Icon name={icon} size={17} />
              <span className={style["label"]}>{title}</span>
            </Link>
          </li>
        ))}
      </ul>
      <div className={style["foot"]}>
        <UnstyledButton className={style["item"]} onClick={openKeys} title={t("shell.keys")}>
          <Icon name="keys" size={17} />
          <span className={style["label"]}>{t("shell.keys")}</span>
          <Kbd size="xs" className={style["kbd"]}>?</Kbd>
        </UnstyledButton>
        <AccountMenu me={me} />
      </div>
    </nav>
  );
}
