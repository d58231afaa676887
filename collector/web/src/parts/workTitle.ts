//! What a job was asked, out of the line that the collector calls it by. Pure but for the words.

import type { TFunction } from "i18next";
import { moment } from "../locales/format";
import { tableTitle } from "./table/tableTitle";

export type Phase = "plan" | "apply" | "undo";

export interface Asked {
  /** None: checks or a table. */
  action: string | undefined;
  phase: Phase | undefined;
}

/** What the collector calls a look at live metrics. */
export const LIVE = "live metrics";

const ACTION = /^([a-z]+\.[a-z-]+) (plan|apply|undo)$/;

export function asked(title: string): Asked {
  const [, action, phase] = ACTION.exec(title) ?? [];
  return { action, phase: phase as Phase | undefined };
}

/** The address at which a thing without an agent was looked for. */
export function probed(title: string): string | undefined {
  return /^net\.asset (.+)$/.exec(title)?.[1];
}

/** On which device it runs, or from which one something else is looked for. */
export function workPlace(t: TFunction, title: string, device: string): string {
  return t(probed(title) ? "work.from" : "work.on", { device });
}

export function workTitle(t: TFunction, title: string): string {
  const { action, phase } = asked(title);
  if (action && phase) return t(`work.${phase}`, { action });
  if (title === "all checks") return t("work.allChecks");
  const address = probed(title);
  if (address) return t("work.probe", { address });
  if (title === LIVE) return t("work.live");
  const table = /^table (.+)$/.exec(title)?.[1];
  return table ? t("work.table", { table: tableTitle(t, table) }) : t("work.checks", { checks: title });
}

const MOMENT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** What it was asked with, in a line; times by the reader's clock. */
export function workGiven(parameters: Record<string, unknown>): string {
  return Object.entries(parameters).map(([name, value]) => `${name}=${valueText(value)}`).join(" ");
}

function valueText(value: unknown): string {
  return typeof value === "string" && MOMENT.test(value) ? moment(value) : String(value);
}
