//! What one's role allows. The collector has the last word; what it would refuse is not offered.

import { useSuspenseQuery } from "@tanstack/react-query";
import type { Role } from "../api/accounts";
import { meQuery } from "../api/session";

/** Each may do what those before it may. */
export const ROLES = ["viewer", "technician", "senior", "admin"] as const satisfies Role[];

export function isAtLeast(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

/** Whether whoever is signed in has at least the role. */
export function useMay(needed: Role): boolean {
  return isAtLeast(useSuspenseQuery(meQuery).data.role, needed);
}
