import type { Role } from "../../../api/accounts";

export const ROLES = ["viewer", "technician", "senior", "admin"] as const satisfies Role[];
