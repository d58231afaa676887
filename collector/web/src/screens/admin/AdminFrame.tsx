import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { meQuery } from "../../api/session";
import page from "../../parts/page/Page.module.css";
import { useTitle } from "../../parts/title";
import { SECTIONS, sectionsFor } from "./sections";

/** What the helpdesk itself is set up with; each part under a heading of its own. */
export function AdminFrame() {
  const { t } = useTranslation();
  const { data: me } = useSuspenseQuery(meQuery);
  const { pathname } = useLocation();
  const current = SECTIONS.find(({ to }) => pathname.startsWith(to));
  useTitle(current ? t(`admin.${current.name}`) : t("admin.title"));
  return (
    <div className={page["page"]}>
      <header className={page["head"]}>
        <h1>{t("admin.title")}</h1>
      </header>
      <nav className={page["tabs"]} aria-label={t("admin.title")}>
        {sectionsFor(me.role).map(({ name, to }) => (
          <Link key={name} to={to} className={page["tab"]} activeProps={{ "data-active": true }}>
            {t(`admin.${name}`)}
          </Link>
        ))}
      </nav>
      <Outlet />
    </div>
  );
}
