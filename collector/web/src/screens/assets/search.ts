//! Which things the list shows, as its address says it. Pure.

import { KINDS, type WhichAssets } from "../../api/assets";

export interface AssetsSearch extends WhichAssets {
  /** Id of the one that is looked at. */
  asset?: string;
}

export function readAssetsSearch(raw: Record<string, unknown>): AssetsSearch {
  const read: AssetsSearch = {};
  const [words, asset] = [raw["search"], raw["asset"]];
  if ((typeof words === "string" && words.trim() !== "") || typeof words === "number") read.search = String(words);
  const kind = KINDS.find((one) => one === raw["kind"]);
  if (kind) read.kind = kind;
  if (raw["removed"] === true || raw["removed"] === "true") read.removed = true;
  if ((typeof asset === "string" && asset !== "") || typeof asset === "number") read.asset = String(asset);
  return read;
}
