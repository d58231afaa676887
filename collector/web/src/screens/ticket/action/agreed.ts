//! Whether the user has agreed to just this. Pure. The collector has the last word.

import type { Consent } from "../../../api/jobs";

export type Purpose = Pick<Consent, "device" | "action" | "parameters">;

const written = (parameters: object): string => JSON.stringify(Object.entries(parameters).toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** Consent to one thing is none to another: not on another device, and not with other parameters. */
export function isAgreed(consents: readonly (Purpose & Pick<Consent, "standing">)[], { device, action, parameters }: Purpose): boolean {
  const wanted = written(parameters);
  return consents.some((one) => one.standing === "given" && one.device === device && one.action === action && written(one.parameters) === wanted);
}
