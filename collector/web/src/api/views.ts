//! Views: lists of tickets under a name, one's own or shared.

import { queryOptions } from "@tanstack/react-query";
import { api, ask, type Schemas } from "./client";
import { queries } from "./queries";

export type SavedView = Omit<Schemas["SavedView"], "filter"> & { filter: ViewFilter };
/** What is left out narrows nothing. */
export type ViewFilter = Partial<Schemas["View"]>;
/** As the document has it, every field is there. */
export type NewView = Omit<Schemas["NewView"], "filter"> & { filter: ViewFilter };

/** More than anybody sees: 50 of their own, 200 that are shared. */
const MOST = 1_000;

export const viewsQuery = queryOptions({
  queryKey: ["views"],
  queryFn: async ({ signal }) => {
    const { items } = await ask(api.GET("/api/v1/views", { params: { query: { limit: MOST } }, signal }));
    return items.filter((view, at) => items.findIndex(({ name }) => name === view.name) === at);
  },
  staleTime: 60_000,
});

const one = (view: string) => ({ path: { view } });
const again = () => queries.invalidateQueries({ queryKey: viewsQuery.queryKey });

export const views = {
  /** Under another name than before, what was kept under that is removed. */
  async keep(name: string, body: NewView, before?: string): Promise<SavedView> {
    const kept = await ask(api.PUT("/api/v1/views/{view}", { params: one(name), body: body as Schemas["NewView"] }));
    if (before !== undefined && before !== kept.name) await ask(api.DELETE("/api/v1/views/{view}", { params: one(before) }));
    await again();
    return kept;
  },
  async remove(name: string): Promise<void> {
    await ask(api.DELETE("/api/v1/views/{view}", { params: one(name) }));
    await again();
  },
};
