//! What has to be so that a rule hands a ticket on. Pure but for the words.

import type { TFunction } from "i18next";
import type { Schemas } from "../../../api/client";
import { duration } from "../../../locales/format";

export type Rule = Schemas["Rule"];
export type Condition = Schemas["Condition"];

export const CONDITIONS = ["in_tier", "unassigned", "promise", "failed_actions", "reopened", "finding"] as const;
export type ConditionKind = (typeof CONDITIONS)[number];

/** What each begins with. */
const BEGUN: Record<ConditionKind, Condition> = {
  in_tier: { in_tier: { minutes: 120 } },
  unassigned: { unassigned: { minutes: 30 } },
  promise: { promise: { measure: "resolution", percent: 80 } },
  failed_actions: { failed_actions: { times: 2 } },
  reopened: { reopened: { times: 1 } },
  finding: { finding: { area: "disk", status: "critical" } },
};

export const begun = (kind: ConditionKind): Condition => BEGUN[kind];

export function kindOf(condition: Condition): ConditionKind {
  return CONDITIONS.find((kind) => kind in condition) ?? "in_tier";
}

export function conditionWords(t: TFunction, when: Condition): string {
  if ("in_tier" in when) return t("escalation.when.in_tier", { time: duration(when.in_tier.minutes * 60) });
  if ("unassigned" in when) return t("escalation.when.unassigned", { time: duration(when.unassigned.minutes * 60) });
  if ("promise" in when) return t("escalation.when.promise", { measure: t(`measure.${when.promise.measure}`), percent: when.promise.percent });
  if ("failed_actions" in when) return t("escalation.when.failed_actions", { count: when.failed_actions.times });
  if ("reopened" in when) return t("escalation.when.reopened", { count: when.reopened.times });
  const { check, area, status } = when.finding;
  return t("escalation.when.finding", { what: check ?? `${area ?? "*"}.*`, status: t(`status.${status ?? "warning"}`) });
}
