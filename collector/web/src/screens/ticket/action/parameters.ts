//! What an action takes, from text fields to typed values. Pure.

import type { Schemas } from "../../../api/client";
import { given as taken, type Given } from "../../../api/jobs";

export type Parameter = Schemas["ParameterView"];
export type Values = Record<string, string>;

/** With the subject of a finding where an action takes one text and nothing else must be given. */
export function begin(parameters: readonly Parameter[], subject: string | undefined): Values {
  const needed = parameters.filter(({ required }) => required);
  const [only] = needed;
  if (!subject || needed.length !== 1 || only?.type !== "text") return {};
  return { [only.name]: subject };
}

/** By name; what is left empty is not given. */
export function typed(parameters: readonly Parameter[], values: Values): Given {
  const given: Record<string, unknown> = {};
  for (const { name, type } of parameters) {
    const text = (values[name] ?? "").trim();
    if (text !== "") given[name] = value(type, text);
  }
  return taken(given);
}

function value(type: string, text: string): unknown {
  if (type === "truth") return text === "true";
  const isNumber = (type === "integer" || type === "real") && Number.isFinite(Number(text));
  return isNumber ? Number(text) : text;
}
