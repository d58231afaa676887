//! The language that is shown. Each catalogue is loaded when it is chosen.

import { createInstance } from "i18next";
import { initReactI18next } from "react-i18next";
import { speak } from "../api/client";
import { queries } from "../api/queries";

export const LANGUAGES = ["en", "fr"] as const;
export type Language = (typeof LANGUAGES)[number];

const i18next = createInstance();
const KEPT_AS = "sonde.language";

const catalogues = {
  en: () => import("./en.json"),
  fr: () => import("./fr.json"),
} satisfies Record<Language, unknown>;

/** What was chosen here before, else the first of the browser's languages that there is. */
export function preferred(kept: string | null, browser: readonly string[]): Language {
  const wanted = [kept ?? "", ...browser].map((tag) => tag.slice(0, 2).toLowerCase());
  return wanted.map((tag) => LANGUAGES.find((one) => one === tag)).find((one) => one !== undefined) ?? "en";
}

export function language(): Language {
  return preferred(i18next.language, []);
}

async function load(lang: Language): Promise<void> {
  if (!i18next.hasResourceBundle(lang, "translation")) {
    i18next.addResourceBundle(lang, "translation", (await catalogues[lang]()).default);
  }
  await i18next.changeLanguage(lang);
  document.documentElement.lang = lang;
  speak(lang);
}

export async function begin(): Promise<void> {
  await i18next.use(initReactI18next).init({ resources: {}, interpolation: { escapeValue: false }, returnNull: false });
  await load(preferred(localStorage.getItem(KEPT_AS), navigator.languages));
}

/** What the collector has rendered is read anew in the other language. */
export async function choose(lang: Language): Promise<void> {
  localStorage.setItem(KEPT_AS, lang);
  await load(lang);
  await queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "me" });
}
