//! The actions of a device as they are chosen from: what is offered for a finding first, then by area. Pure but for the words.

import type { TFunction } from "i18next";
import type { Action, Finding } from "../../../api/devices";
import { isWrong } from "../aside/nested";

const AREAS = ["disk", "logs", "mount", "net", "packages", "process", "service", "time"] as const;

export interface Group {
  title: string;
  actions: Action[];
}

/** Each action once. */
export function grouped(t: TFunction, actions: readonly Action[], findings: readonly Finding[]): Group[] {
  const remedies = [...new Set(findings.filter(isWrong).flatMap((finding) => finding.remedies))];
  const offered = remedies.flatMap((id) => actions.filter((action) => action.id === id));
  const others = actions.filter(({ id }) => !remedies.includes(id)).toSorted(byTitle);
  const areas = [...new Set(others.map(areaOf))];
  const groups = areas.map((area) => ({ title: areaWord(t, area), actions: others.filter((action) => areaOf(action) === area) })).toSorted(byTitle);
  return offered.length > 0 ? [{ title: t("action.forFindings"), actions: offered }, ...groups] : groups;
}

function byTitle(a: { title: string }, b: { title: string }): number {
  return a.title.localeCompare(b.title);
}

/** The first part of its id. */
function areaOf({ id }: Action): string {
  return id.split(".", 1)[0] ?? id;
}

/** One that is not known here is called as the agent calls it. */
function areaWord(t: TFunction, area: string): string {
  const known = AREAS.find((one) => one === area);
  return known ? t(`action.area.${known}`) : area;
}
