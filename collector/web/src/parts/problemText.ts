//! A problem in the reader's words. What only the collector can name stands in its own, which is English.

import { useTranslation } from "react-i18next";
import { Problem } from "../api/problem";
import { duration } from "../locales/format";

const KNOWN = [
  "unreachable", "wrong", "code-needed", "throttled", "changed-since", "not-found", "forbidden", "store-unavailable", "too-many", "invalid", "conflict",
] as const;

export interface ProblemText {
  title: string;
  detail: string | undefined;
  remedy: string | undefined;
}

export function useProblemText(failure: unknown): ProblemText {
  const { t } = useTranslation();
  if (!(failure instanceof Problem)) return { title: t("problem.unexpected"), detail: undefined, remedy: undefined };
  const kind = KNOWN.find((one) => one === failure.kind);
  const wait = failure.retryAfter === undefined ? "" : duration(failure.retryAfter);
  const field = failure.field ? `${failure.field}: ` : "";
  const isTold = kind !== "wrong" && kind !== "throttled" && kind !== "code-needed";
  return {
    title: kind ? t(`problem.${kind}`, { wait }) : t("problem.unexpected"),
    detail: isTold && failure.message ? `${field}${failure.message}` : undefined,
    remedy: isTold ? failure.remedy : undefined,
  };
}
