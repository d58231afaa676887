import { SegmentedControl } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { choose, language, LANGUAGES, type Language } from "../../locales/i18n";
import style from "./Door.module.css";

interface Props {
  title: string;
  text: string | undefined;
  children: ReactNode;
}

/** What stands around the steps of signing in. */
export function Door({ title, text, children }: Props) {
  const { t } = useTranslation();
  return (
    <main className={style["door"]}>
      <div className={style["card"]}>
        <div className={style["brand"]}>
          <img src="/icon.svg" alt="" width={30} height={30} />
          <span>Sonde</span>
        </div>
        <h1 className={style["title"]}>{title}</h1>
        {text && <p className={style["text"]}>{text}</p>}
        {children}
      </div>
      <SegmentedControl
        size="xs"
        aria-label={t("shell.language")}
        value={language()}
        onChange={(lang) => void choose(lang as Language)}
        data={LANGUAGES.map((value) => ({ value, label: t(`language.${value}`) }))}
      />
    </main>
  );
}
