//! A saved view and what the queue's address says: one made of the other. Pure.

import type { SavedView, ViewFilter } from "../../api/views";
import { UNRESOLVED, fitting, order, readQueueSearch, type QueueSearch } from "./search";

/** What the queue shows, and how that is to a view. */
export interface Shown {
  search: QueueSearch;
  view?: SavedView;
  /** Otherwise than the view is kept. */
  isChanged?: boolean;
  /** There is no view of this name. */
  missing?: string;
}

export function filterOf(search: QueueSearch): ViewFilter {
  const { view: _view, state, ...rest } = fitting(search);
  const by = order(search);
  return { ...rest, state: state === "any" ? null : (state ?? UNRESOLVED), order: by === "fit" ? null : by };
}

export function searchOf(filter: ViewFilter): QueueSearch {
  const { state, order: by, ...rest } = filter;
  const search: QueueSearch = { ...readQueueSearch(rest), state: state ?? "any" };
  if (by === "newest") search.order = "newest";
  return fitting(search);
}

export function isSame(a: QueueSearch, b: QueueSearch): boolean {
  return written(a) === written(b);
}

function written({ view: _view, ...search }: QueueSearch): string {
  return JSON.stringify(Object.entries(fitting(search)).toSorted());
}

/** Until views are read, an address that names one says nothing yet. */
export function shown({ view: name, ...said }: QueueSearch, views: readonly SavedView[] | undefined): Shown | undefined {
  if (name === undefined) return { search: said };
  if (!views) return undefined;
  const view = views.find((one) => one.name === name);
  if (!view) return { search: said, missing: name };
  const kept = searchOf(view.filter);
  if (Object.keys(said).length === 0) return { search: kept, view, isChanged: false };
  return { search: said, view, isChanged: !isSame(said, kept) };
}

/** The address of a search that was made out of a view. */
export function addressOf(search: QueueSearch, view: SavedView | undefined): QueueSearch {
  const next = fitting(search);
  if (!view || Object.keys(next).length === 0) return next;
  return isSame(next, searchOf(view.filter)) ? { view: view.name } : { ...next, view: view.name };
}
