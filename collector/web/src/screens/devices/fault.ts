//! A question around what is wrong with it. Pure.

/** Before it, it, and after it; by characters, as the collector counts. */
export function parts(q: string, at: { begin: number; end: number } | undefined): [string, string, string] {
  const letters = [...q];
  const [begin, end] = [at?.begin ?? letters.length, at?.end ?? letters.length];
  return [letters.slice(0, begin).join(""), letters.slice(begin, end).join(""), letters.slice(end).join("")];
}
