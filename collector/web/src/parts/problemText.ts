//! A problem in the reader's words. What only the collector can name stands in its own, in the language that it was asked in.

import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { Problem } from "../api/problem";
import { duration } from "../locales/format";
import { limitWords } from "./limitWords";

export const KNOWN = [
  "another-origin", "changed-since", "code-needed", "conflict", "csrf", "done", "internal", "invalid", "not-found", "not-signed-in",
  "outcome-unknown", "role", "second-factor-needed", "site", "store-unavailable", "throttled", "too-large", "too-many", "unreachable", "wrong",
] as const;

/** What they say says all of it. */
const WHOLE: readonly string[] = [
  "another-origin", "changed-since", "code-needed", "csrf", "internal", "not-signed-in", "second-factor-needed", "site", "store-unavailable",
  "throttled", "unreachable", "wrong",
];

/** What forms call the last part of a field's name. */
const FIELDS = [
  "address", "at", "calendar", "check", "clear_seconds", "code", "consent", "device", "devices", "every_seconds", "finding", "groups",
  "hold_seconds", "incident", "macro", "minutes", "name", "note", "password", "percent", "port", "reason", "requester", "role", "site",
  "sites", "tag", "targets", "template", "text", "tier", "title", "to", "until", "url", "view", "waiting_for", "warn_percent", "zone",
] as const;

export interface ProblemText {
  title: string;
  detail: string | undefined;
}

export function problemText(t: TFunction, failure: unknown): ProblemText {
  if (!(failure instanceof Problem)) return { title: t("problem.unexpected"), detail: undefined };
  const kind = KNOWN.find((one) => one === failure.kind);
  const wait = failure.retryAfter === undefined ? "" : duration(failure.retryAfter);
  const title = kind ? t(`problem.${kind}`, { wait }) : t("problem.unexpected");
  if (kind && WHOLE.includes(kind)) return { title, detail: undefined };
  const { field, message: what, remedy } = failure;
  const told = field ? t("problem.ofField", { field: fieldWord(t, field), what }) : what;
  return { title, detail: (remedy ? t("problem.andDo", { told, remedy }) : told) || undefined };
}

/** In the reader's words, else as the API calls it. */
function fieldWord(t: TFunction, field: string): string {
  const last = field.split(".").at(-1);
  const known = FIELDS.find((one) => one === last);
  return known ? t(`problem.field.${known}`) : (limitWords(t, last ?? "") ?? field);
}

export function problemLine(t: TFunction, failure: unknown): string {
  const { title, detail } = problemText(t, failure);
  return detail ? `${title} ${detail}` : title;
}

export function useProblemText(failure: unknown): ProblemText {
  const { t } = useTranslation();
  return problemText(t, failure);
}
