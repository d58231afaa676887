//! Whether the user has to agree, and has agreed to just this. Pure. The device has the last word.

import type { Consent, Job } from "../../../api/jobs";
import type { Class } from "./ClassMark";
import type { Wanted } from "./wanted";

const NEEDS = ["none", "any", "user", "vain"] as const;
type Need = (typeof NEEDS)[number];

export type Purpose = Pick<Consent, "device" | "action" | "parameters">;

const written = (parameters: object): string => JSON.stringify(Object.entries(parameters).toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** Consent to one thing is none to another: not on another device, and not with other parameters. */
export function isAgreed(consents: readonly (Purpose & Pick<Consent, "standing">)[], { device, action, parameters }: Purpose): boolean {
  const wanted = written(parameters);
  return consents.some((one) => one.standing === "given" && one.device === device && one.action === action && written(one.parameters) === wanted);
}

/** What is to be done next by a consent that the user has given and nobody has used: to run what they were shown; where they were
 *  shown no plan, to plan just that. None: it allows nothing, or it was done. */
export function toRun(consents: readonly Consent[], id: string): (Wanted & { action: string }) | undefined {
  const given = consents.find((one) => one.id === id && one.standing === "given" && one.n_uses === 0);
  if (!given) return undefined;
  const { device, action, parameters, plan } = given;
  if (plan) return { job: plan, action };
  return { device, action, values: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, String(value)])) };
}

/** What the device's policy wants, as its plan says; where it does not say, what the policy is unless somebody has changed it. */
export function needOf({ consent_needed: told }: Pick<Job, "consent_needed">, touches: Class): Need {
  const known = NEEDS.find((one) => one === told);
  if (known) return known;
  if (touches === "control") return "user";
  return touches === "disrupt" ? "any" : "none";
}
