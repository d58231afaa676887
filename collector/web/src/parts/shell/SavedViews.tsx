import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { viewsQuery } from "../../api/views";
import { Icon } from "../Icon";
import style from "./Sidebar.module.css";

/** Views that were kept: one's own, and those that others share. */
export function SavedViews() {
  const { t } = useTranslation();
  const { data: views = [] } = useQuery(viewsQuery);
  if (views.length === 0) return null;
  return (
    <>
      <h2 className={style["heading"]}>{t("views.saved")}</h2>
      <ul className={style["list"]}>
        {views.map(({ name, shared, changed_by }) => (
          <li key={name}>
            <Link
              to="/"
              search={{ view: name }}
              title={shared ? t("views.sharedBy", { name, by: changed_by }) : name}
              className={style["item"]}
              activeOptions={{ includeSearch: true }}
              activeProps={{ "data-active": true }}
            >
              <Icon name={shared ? "cohort" : "view"} size={17} />
              <span className={style["label"]}>{name}</span>
              {shared && <span className="visually-hidden">{t("views.isShared")}</span>}
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
