import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Notice } from "../parts/Notice";

export function Nowhere() {
  const { t } = useTranslation();
  return (
    <main>
      <Notice isPage icon="search" title={t("nowhere.title")} action={<Link to="/">{t("nowhere.queue")}</Link>}>
        <p>{t("nowhere.text")}</p>
      </Notice>
    </main>
  );
}
