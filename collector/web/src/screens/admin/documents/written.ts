//! JSON as people write it: where it is wrong. Pure.

/** Before the place that is wrong, characters. */
const QUOTED = 10;

/** What stands in the text, or the line at which it is no JSON object. */
export function parse(text: string): { body: object } | { line: number | undefined } {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null && !Array.isArray(body)) return { body };
    return { line: 1 };
  } catch (failure) {
    return { line: lineOf(text, failure instanceof Error ? failure.message : "") };
  }
}

function lineOf(text: string, message: string): number | undefined {
  const said = /line (\d+)/.exec(message)?.[1];
  if (said) return Number(said);
  const at = /position (\d+)/.exec(message)?.[1];
  if (at) return text.slice(0, Number(at)).split("\n").length;
  if (/end of JSON/.test(message)) return text.split("\n").length;
  // A browser may only quote what stands around the place, this many characters on either side.
  const around = /"([^]*?)(?:"\.\.\.|") is not valid JSON/.exec(message)?.[1] ?? "";
  const from = around ? text.indexOf(around) : -1;
  return from < 0 ? undefined : text.slice(0, from + Math.min(QUOTED, around.length)).split("\n").length;
}

/** The line at which a field stands that is named by its path: "checks.disk.space.limits.free_warning". */
export function lineOfField(text: string, field: string): number | undefined {
  const lines = text.split("\n");
  const parts = field.split(".");
  // An id has points of its own: the longest end of the path that is a key is the field.
  for (let from = 0; from < parts.length; from++) {
    const key = JSON.stringify(parts.slice(from).join("."));
    const at = lines.findIndex((line) => line.includes(`${key}:`) || line.includes(`${key} :`));
    if (at >= 0) return at + 1;
  }
  return undefined;
}
