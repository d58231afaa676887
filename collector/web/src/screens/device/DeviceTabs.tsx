import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import page from "../../parts/page/Page.module.css";
import { TABS, type DeviceSearch, type Tab } from "./search";

interface Props {
  tab: Tab;
  search: DeviceSearch;
}

export function DeviceTabs({ tab, search }: Props) {
  const { t } = useTranslation();
  const kept: DeviceSearch = search.ticket === undefined ? {} : { ticket: search.ticket };
  return (
    <nav className={page["tabs"]} aria-label={t("device.parts")}>
      {TABS.map((one) => (
        <Link
          key={one}
          from="/devices/$id"
          to="."
          search={one === "overview" ? kept : { ...kept, tab: one }}
          className={page["tab"]}
          data-active={one === tab || undefined}
          aria-current={one === tab ? "page" : undefined}
        >
          {t(`device.tab.${one}`)}
        </Link>
      ))}
    </nav>
  );
}
