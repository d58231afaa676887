//! What is worked on and what is silenced, as it is read.

import type { TFunction } from "i18next";
import type { Maintenance } from "../../api/maintenance";
import type { Mute } from "../../api/mutes";
import { moment } from "../../locales/format";

const SHOWN = 3;

export function aboutMaintenance(t: TFunction, { devices, site }: Maintenance): string {
  if (devices.length === 0) return t("maintenance.wholeSite", { site });
  const names = devices.slice(0, SHOWN).map(({ hostname }) => hostname).join(", ");
  return devices.length > SHOWN ? `${names} ${t("changes.more", { count: devices.length - SHOWN })}` : names;
}

export function spanOf(t: TFunction, { from, until, weekly, last, time_zone }: Maintenance): string {
  const span = t("maintenance.span", { from: moment(from), until: moment(until) });
  if (!weekly) return span;
  return [span, t("maintenance.everyWeek", { zone: time_zone ?? "" }), last ? t("maintenance.untilLast", { at: moment(last) }) : ""].filter(Boolean).join(", ");
}

export function aboutMute(t: TFunction, mute: Mute): string {
  const what = mute.check === "" ? t("mutes.all") : [mute.check, mute.subject].filter(Boolean).join(" ");
  if (mute.device) return t("mutes.onDevice", { what });
  return mute.site ? t("mutes.onSite", { what }) : t("mutes.everywhere", { what });
}
