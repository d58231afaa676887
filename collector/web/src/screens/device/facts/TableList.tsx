import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../../api/client";
import { Icon } from "../../../parts/Icon";
import { tableTitle } from "../../../parts/table/tableTitle";
import type { DeviceSearch } from "../search";
import type { byArea } from "./areas";
import style from "./Facts.module.css";

interface Props {
  groups: ReturnType<typeof byArea>;
  states: readonly Schemas["TableStateView"][];
  shown: string;
  search: DeviceSearch;
}

export function TableList({ groups, states, shown, search }: Props) {
  const { t } = useTranslation();
  const unavailable = new Map(states.map(({ table, unavailable: why }) => [table, why]));
  return (
    <nav className={style["tables"]} aria-label={t("facts.tables")}>
      {groups.map(({ area, tables }) => (
        <section key={area} aria-label={t(`facts.area.${area}`)}>
          <h2>{t(`facts.area.${area}`)}</h2>
          <ul>
            {tables.map((table) => (
              <li key={table}>
                <Link
                  from="/devices/$id"
                  to="."
                  search={{ ...search, tab: "facts", table }}
                  className={style["link"]}
                  data-active={table === shown || undefined}
                  aria-current={table === shown ? "true" : undefined}
                >
                  {tableTitle(t, table)}
                  {unavailable.get(table) && (
                    <span title={unavailable.get(table) ?? ""}>
                      <Icon name="unknown" size={14} />
                      <span className="visually-hidden">{t("status.unknown")}</span>
                    </span>
                  )}
                </Link>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}
