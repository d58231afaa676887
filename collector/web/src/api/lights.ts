//! How lists of devices follow what is told of their lights: a row at once, its place and the numbers a little later.

import type { InfiniteData } from "@tanstack/react-query";
import type { Device, DevicePage } from "./devices";
import { queries } from "./queries";

/** Lists are read anew at most so often, milliseconds. */
const EVERY_MS = 3_000;
/** A list that has been read further is not read anew by itself: it is many pages. */
const MOST_PAGES = 3;

export interface Light {
  device: string;
  connected: boolean;
  last_seen: string;
  status: string | null;
}

/** As the collector tells it. */
export interface Lights {
  items: Light[];
  /** Ids of devices that are no more. */
  removed: string[];
}

export type DeviceList = InfiniteData<DevicePage, string | undefined>;

function isAs(device: Device, light: Light): boolean {
  return device.connected === light.connected && (device.status ?? null) === light.status;
}

/** The list with these lights; the same one where none of them is another. */
export function lit(list: DeviceList, lights: ReadonlyMap<string, Light>): DeviceList {
  const turned = (device: Device) => {
    const light = lights.get(device.id);
    return light !== undefined && !isAs(device, light) ? light : undefined;
  };
  if (!list.pages.some(({ items }) => items.some((device) => turned(device)))) return list;
  const pages = list.pages.map((page) => {
    if (!page.items.some((device) => turned(device))) return page;
    const items = page.items.map((device) => {
      const light = turned(device);
      return light ? { ...device, connected: light.connected, status: light.status, last_seen: light.last_seen } : device;
    });
    return { ...page, items };
  });
  return { ...list, pages };
}

let timer: ReturnType<typeof setTimeout> | undefined;

function isShort(list: DeviceList | undefined): boolean {
  return (list?.pages.length ?? 0) <= MOST_PAGES;
}

function freshen(): void {
  timer = undefined;
  void queries.invalidateQueries({ queryKey: ["devices"], refetchType: "none" });
  void queries.refetchQueries({ queryKey: ["devices", "counts"], type: "active" });
  void queries.refetchQueries({ queryKey: ["devices", "list"], type: "active", predicate: ({ state }) => isShort(state.data as DeviceList | undefined) });
}

export function hearOfLights({ items, removed }: Lights): void {
  const lights = new Map(items.map((light) => [light.device, light]));
  const known = new Set<string>();
  let isNews = removed.length > 0;
  for (const [key, list] of queries.getQueriesData<DeviceList>({ queryKey: ["devices", "list"] })) {
    if (!list) continue;
    for (const page of list.pages) for (const { id } of page.items) known.add(id);
    const next = lit(list, lights);
    if (next === list) continue;
    isNews = true;
    queries.setQueryData(key, next);
  }
  // Of a device that is in no list here, nobody knows what it was before.
  if (isNews || items.some(({ device }) => !known.has(device))) timer ??= setTimeout(freshen, EVERY_MS);
}
