//! The screens of devices, to look at.

import type { Page } from "playwright-core";
import { DEVICE } from "./call.ts";
import type { Screen } from "./screen.ts";

/** Samples that make a line. */
const SOME_SECONDS = 20;

/** From its name to its screen, by the palette. */
export async function openDevice(page: Page, name = DEVICE): Promise<void> {
  await page.getByRole("row").nth(1).waitFor();
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").getByRole("combobox").fill(name);
  await page.getByRole("option").filter({ hasText: name }).filter({ hasText: /Device|Appareil/ }).first().click();
  await page.waitForURL(/\/devices\//);
  await page.getByRole("heading", { name, level: 1 }).waitFor();
}

async function tab(page: Page, part: string): Promise<void> {
  await openDevice(page);
  await page.goto(`${page.url().split("?")[0]}?tab=${part}`);
  await page.getByRole("heading", { level: 1 }).waitFor();
}

const rows = (page: Page) => page.getByRole("grid").getByRole("row").nth(1).waitFor();

/** Live metrics that have moved for a while, with a part of the time chosen. */
async function watched(page: Page): Promise<void> {
  const panel = page.locator("main section").first();
  await panel.getByRole("button").first().click();
  const chart = panel.getByRole("img").first();
  await chart.waitFor();
  const said = new Set<string | null>();
  while (said.size < SOME_SECONDS) said.add(await chart.getAttribute("aria-label"));
  const plot = panel.locator(".u-over").first();
  const box = await plot.boundingBox();
  if (!box) throw new Error("no chart");
  await page.mouse.move(box.x + box.width * 0.2, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.85, box.y + 60, { steps: 5 });
  await page.mouse.up();
  await panel.getByRole("button").nth(3).waitFor();
}

export const MACHINES: Screen[] = [
  { name: "devices", path: "/devices", prepare: rows },
  { name: "devices-none", path: "/devices?text=nosuchdevice", prepare: (page) => page.locator("main p").nth(1).waitFor() },
  { name: "devices-groups", path: "/devices?group=site&status=critical&sort=-seen", prepare: rows },
  {
    name: "devices-columns",
    path: "/devices",
    prepare: async (page) => {
      await rows(page);
      await page.getByRole("button", { name: /^(Columns|Colonnes)$/ }).click();
      await page.getByRole("checkbox").nth(5).waitFor();
    },
  },
  { name: "devices-query", path: "/devices?q=filesystems%20where%20used_percent%20%3E%2050", prepare: rows },
  { name: "devices-query-rows", path: "/devices?q=filesystems%20where%20used_percent%20%3E%2050&rows=true", prepare: rows },
  { name: "devices-query-wrong", path: "/devices?q=filesystems%20where%20used%20%3E%2050", prepare: (page) => page.locator("main [role=alert]").waitFor() },
  {
    name: "device-new",
    path: "/devices/new",
    prepare: async (page) => {
      await page.locator("form button[type=submit]").click();
      await page.locator("main textarea").nth(2).waitFor();
    },
  },
  { name: "device", path: "/", prepare: async (page) => (await openDevice(page), page.locator("main section h3").first().waitFor()) },
  { name: "device-facts", path: "/", prepare: async (page) => (await tab(page, "facts&table=filesystems"), rows(page)) },
  {
    name: "device-row",
    path: "/",
    prepare: async (page) => {
      await tab(page, "facts&table=mounts");
      await rows(page);
      await page.getByRole("grid").getByRole("row").nth(1).getByRole("button").click();
      await page.getByRole("dialog").locator("dl").waitFor();
    },
  },
  { name: "device-packages", path: "/", prepare: async (page) => (await tab(page, "facts&table=packages"), rows(page)) },
  { name: "device-metrics", path: "/", prepare: async (page) => (await tab(page, "metrics"), page.locator("canvas").nth(5).waitFor()) },
  { name: "device-watched", path: "/", prepare: async (page) => (await tab(page, "metrics&ticket=1"), watched(page)) },
  { name: "device-changes", path: "/", prepare: async (page) => (await tab(page, "changes"), page.locator("main h2, main [class*=notice]").first().waitFor()) },
  { name: "device-live", path: "/", prepare: async (page) => (await tab(page, "live"), page.locator("main form").waitFor()) },
  { name: "device-processes", path: "/", prepare: async (page) => (await tab(page, "live&ticket=1"), rows(page)) },
  { name: "device-logs", path: "/", prepare: async (page) => (await tab(page, "live&ticket=1&table=logs"), rows(page)) },
  { name: "device-work", path: "/", prepare: async (page) => (await tab(page, "work"), rows(page)) },
  { name: "device-agent", path: "/", prepare: async (page) => (await tab(page, "agent"), page.locator("details").waitFor()) },
  { name: "device-narrow", path: "/", width: 390, prepare: async (page) => (await openDevice(page), page.locator("main section h3").first().waitFor()) },
];
