//! How fast the console is, on a collector that has much: prints one line of JSON. A trace of it lies in `target/screens/`.
//! `SONDE_LIGHTHOUSE` names the folder of a Lighthouse that is asked as well.

import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import type { BrowserContext, Page } from "playwright-core";
import { SCREENS, World } from "./world.ts";

const LOADS = 9;
const SCROLLS = 400;
const SCROLLED_PX = 900;
const LOOK = { lang: "en", scheme: "light" } as const;
/** Pages that are measured: all of the queue, and all devices. */
const LISTS = { queue: "/?state=any&order=newest", devices: "/devices" };

interface Watched {
  longTasks: number[];
}

/** Tasks of 50 ms and more on the main thread, from now on. */
async function watchTasks(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const watched = window as unknown as Watched;
    watched.longTasks = [];
    const observer = new PerformanceObserver((list) => watched.longTasks.push(...list.getEntries().map((entry) => entry.duration)));
    observer.observe({ type: "longtask", buffered: true });
  });
}

/** Milliseconds from nothing in the cache to rows that can be read. */
async function firstView(world: World): Promise<number> {
  const page = await world.page(LOOK);
  const began = performance.now();
  await page.goto("/");
  await page.getByRole("row").nth(5).waitFor();
  const took = performance.now() - began;
  await page.context().close();
  return took;
}

/** Scrolls a list to where nobody goes; the longest task, and the most rows that were in the document. */
async function scroll(world: World, path: string): Promise<{ longest_task_ms: number; most_rows: number }> {
  const page = await world.page(LOOK);
  await watchTasks(page);
  await page.goto(path);
  await page.getByRole("row").nth(5).waitFor();
  await page.waitForLoadState("networkidle", { timeout: 3_000 }).catch(() => undefined);
  await page.evaluate(() => (window as unknown as Watched).longTasks.splice(0));
  await page.mouse.move(700, 500);
  let most = 0;
  for (let n = 0; n < SCROLLS; n++) {
    await page.mouse.wheel(0, SCROLLED_PX);
    if (n % 10 === 0) most = Math.max(most, await page.getByRole("row").count());
  }
  const tasks = await page.evaluate(() => (window as unknown as Watched).longTasks);
  await page.context().close();
  return { longest_task_ms: Math.round(Math.max(0, ...tasks)), most_rows: most };
}

async function traced(world: World): Promise<void> {
  const page = await world.page(LOOK);
  const context: BrowserContext = page.context();
  await context.tracing.start({ screenshots: true, snapshots: true });
  await page.goto("/");
  await page.getByRole("row").nth(5).waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.getByRole("log").getByRole("listitem").first().waitFor();
  await mkdir(SCREENS, { recursive: true });
  await context.tracing.stop({ path: `${SCREENS}trace.zip` });
  await context.close();
}

/** Lighthouse's marks of the queue, of 100. */
async function marks(world: World, folder: string): Promise<Record<string, number>> {
  const found = createRequire(`${folder}/`).resolve("lighthouse");
  const { default: lighthouse, desktopConfig } = (await import(pathToFileURL(found).href)) as {
    default: (url: string, flags: object, config: object) => Promise<{ lhr: { categories: Record<string, { score: number | null }> } }>;
    desktopConfig: object;
  };
  const { address, port, end } = await world.signedInBrowser();
  try {
    const flags = { port, logLevel: "error", disableStorageReset: true, onlyCategories: ["performance", "accessibility", "best-practices"] };
    const { lhr } = await lighthouse(`${address}/`, flags, desktopConfig);
    return Object.fromEntries(Object.entries(lhr.categories).map(([name, { score }]) => [name, Math.round((score ?? 0) * 100)]));
  } finally {
    await end();
  }
}

const world = await World.begin();
const views: number[] = [];
for (let n = 0; n < LOADS; n++) views.push(await firstView(world));
views.sort((one, other) => one - other);
const told = {
  first_view_ms: { loads: LOADS, p50: Math.round(views[LOADS >> 1] ?? 0), slowest: Math.round(views.at(-1) ?? 0) },
  scrolled: { queue: await scroll(world, LISTS.queue), devices: await scroll(world, LISTS.devices) },
  lighthouse: process.env["SONDE_LIGHTHOUSE"] ? await marks(world, process.env["SONDE_LIGHTHOUSE"]) : undefined,
};
await traced(world);
await world.end();
console.log(JSON.stringify(told));
