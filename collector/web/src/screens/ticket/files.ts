//! Files that somebody drops, pastes or picks, before they are sent.

import type { TFunction } from "i18next";
import { MOST_BYTES } from "../../api/attachments";
import { bytes } from "../../locales/format";

/** As many of one message. */
const MOST_FILES = 10;

/** Those that can be sent, and what is wrong with the others. */
export function admit(t: TFunction, before: readonly File[], given: readonly File[]): { files: File[]; refused: string[] } {
  const files = [...before];
  const refused: string[] = [];
  for (const file of given) {
    if (file.size === 0) refused.push(t("composer.emptyFile", { name: file.name }));
    else if (file.size > MOST_BYTES) refused.push(t("composer.largeFile", { name: file.name, most: bytes(MOST_BYTES) }));
    else if (files.length >= MOST_FILES) refused.push(t("composer.manyFiles", { count: MOST_FILES }));
    else files.push(named(file));
  }
  return { files, refused: [...new Set(refused)] };
}

/** A browser calls every picture that is pasted the same. */
function named(file: File): File {
  if (file.name !== "image.png") return file;
  const at = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
  return new File([file], `${at}.png`, { type: file.type, lastModified: file.lastModified });
}
