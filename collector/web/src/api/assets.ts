//! Things without an agent that a ticket can be about: printers, screens, switches.

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, ask, type Schemas } from "./client";
import { queries } from "./queries";

export type Asset = Schemas["AssetView"];
export type AssetKind = Schemas["AssetKind"];
export type AskAsset = Schemas["AskAsset"];

export const KINDS = [
  "printer", "scanner", "screen", "projector", "telephone", "camera", "switch", "router", "access_point", "storage", "power_supply", "dock", "other",
] as const satisfies AssetKind[];

const PAGE = 100;

export interface WhichAssets {
  search?: string;
  kind?: AssetKind;
  removed?: boolean;
}

export const assetsQuery = (which: WhichAssets) =>
  infiniteQueryOptions({
    queryKey: ["assets", "list", which],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const query = { ...which, limit: PAGE, ...(pageParam !== undefined && { after: pageParam }) };
      return ask(api.GET("/api/v1/assets", { params: { query }, signal }));
    },
    getNextPageParam: (last) => last.next ?? undefined,
  });

/** The few that fit some words. */
export const foundAssetsQuery = (search: string) =>
  queryOptions({
    queryKey: ["assets", "found", search],
    queryFn: ({ signal }) => ask(api.GET("/api/v1/assets", { params: { query: { search, limit: 8 } }, signal })),
  });

const one = (asset: string) => ({ path: { asset } });

export const assetQuery = (asset: string) =>
  queryOptions({
    queryKey: ["assets", "one", asset],
    queryFn: ({ signal }) => ask(api.GET("/api/v1/assets/{asset}", { params: one(asset), signal })),
  });

async function changed<T>(call: Promise<T>): Promise<T> {
  const answer = await call;
  await queries.invalidateQueries({ queryKey: ["assets"] });
  return answer;
}

export const assets = {
  add: (body: AskAsset) => changed(ask(api.POST("/api/v1/assets", { body }))),
  set: (asset: string, body: AskAsset) => changed(ask(api.PUT("/api/v1/assets/{asset}", { params: one(asset), body }))),
  remove: (asset: string) => changed(ask(api.DELETE("/api/v1/assets/{asset}", { params: one(asset) }))),
};
