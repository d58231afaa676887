//! Findings with what follows from each beneath it. Pure.

import type { Finding } from "../../../api/devices";

export interface Nested {
  finding: Finding;
  /** Findings that it explains, those that these explain among them. */
  consequences: Finding[];
}

export const nameOf = (finding: Finding): string => `${finding.check}/${finding.subject}`;

export const isWrong = (finding: Finding): boolean => finding.status === "warning" || finding.status === "critical";

/** In the order given. What explains something that is not among them, or itself, stands alone. */
export function nested(findings: readonly Finding[]): Nested[] {
  const byName = new Map(findings.map((finding) => [nameOf(finding), finding]));
  const rootOf = (finding: Finding): Finding => {
    const seen = new Set<Finding>();
    let root = finding;
    while (!seen.has(root)) {
      seen.add(root);
      const cause: Finding | undefined = root.explained_by ? byName.get(root.explained_by) : undefined;
      if (!cause) return root;
      root = cause;
    }
    return finding;
  };
  const groups = new Map<Finding, Nested>();
  for (const finding of findings) {
    if (rootOf(finding) === finding) groups.set(finding, { finding, consequences: [] });
  }
  for (const finding of findings) {
    const root = rootOf(finding);
    if (root !== finding) groups.get(root)?.consequences.push(finding);
  }
  return [...groups.values()];
}
