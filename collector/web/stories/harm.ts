//! All screens at a desk whose devices and callers put scripts, links and terminal escapes into every text: nothing of them
//! runs, nothing is loaded from elsewhere, and no link leads out.

import type { Page } from "playwright-core";
import { made as make } from "./made.ts";
import { World } from "./world.ts";

const PARTS = ["overview", "facts", "metrics", "changes", "work", "agent"];
const TABLES = ["os", "system", "filesystems", "sessions", "memory"];
const LISTS = ["/?state=any&order=newest", "/?search=evil", "/devices", "/people", "/assets?removed=true", "/call?number=evil", "/devices?q=os%20where%20name%20contains%20'script'"];
const ADMINISTRATION = ["sites", "accounts", "policies", "maintenance", "sla", "escalation", "replies", "webhooks", "audit"].map((name) => `/admin/${name}`);
const NEWEST = 11;
/** Of things and views, which are on every screen. */
const EVIL = `"><img src=x onerror="stolen=1">`;

interface Harmed {
  harm: string[];
  stolen?: unknown;
}

/** What a browser says of a page that tries. */
async function watch(page: Page, world: World): Promise<void> {
  await page.addInitScript(() => {
    const harmed = window as unknown as Harmed;
    harmed.harm = [];
    addEventListener("securitypolicyviolation", (violation) => harmed.harm.push(`${violation.violatedDirective} ${violation.blockedURI}`));
  });
  const own = new URL(world.address).origin;
  page.on("dialog", (dialog) => {
    world.troubles.push(`${page.url()}: a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== own && !["data:", "blob:"].includes(protocol)) world.troubles.push(`${page.url()}: asks ${request.url()}`);
  });
}

/** Opens a screen, waits until it is still, and looks for harm. */
async function visit(page: Page, world: World, path: string): Promise<void> {
  await page.goto(path);
  await page.locator("main").waitFor();
  await page.waitForFunction(() => document.querySelectorAll("[aria-busy=true]").length === 0);
  await page.locator("main :is(h1, h2)").first().waitFor();
  const found = await page.evaluate((own) => {
    const harmed = window as unknown as Harmed;
    const out = [...document.querySelectorAll<HTMLAnchorElement>("a[href]")].map(({ href }) => href).filter((href) => !/^(tel|mailto|blob):/.test(href) && !href.startsWith(own));
    const made = [...document.querySelectorAll("main script, main iframe, main object, main embed, main img[src=x]")].map((element) => element.outerHTML);
    const raw = /[\p{Cc}\p{Bidi_Control}]/u.test(document.body.innerText.replaceAll(/[\n\t]/g, ""));
    return { harm: harmed.harm, stolen: harmed.stolen, out, made, raw };
  }, new URL(world.address).origin);
  const { harm, stolen, out, made, raw } = found;
  const what = [...harm, ...out.map((href) => `a link to ${href}`), ...made.map((html) => `made ${html}`)];
  if (stolen !== undefined) what.push("a script has run");
  if (raw) what.push("control characters are shown");
  world.troubles.push(...what.map((one) => `${path}: ${one}`));
}

const world = await World.begin();
const page = await world.page({ lang: "en", scheme: "light" });
await watch(page, world);
await page.goto("/devices");
const listed = async (path: string): Promise<{ id: string; number: number }[]> => ((await (await page.request.get(`/api/v1${path}`)).json()) as { items: { id: string; number: number }[] }).items;
const asset = { kind: "other", name: EVIL, place: EVIL, model: EVIL, note: EVIL, site: "default" };
await make(page, "POST", "/assets", asset);
await make(page, "PUT", `/views/${encodeURIComponent(EVIL)}`, { filter: { search: EVIL }, shared: true });
const devices = await listed("/devices?text=sim-");
const tickets = await listed("/tickets");
const visited = [
  ...LISTS,
  ...tickets.slice(0, NEWEST).map(({ number }) => `/tickets/${number}`),
  ...devices.flatMap(({ id }) => [...PARTS.map((part) => `/devices/${id}?tab=${part}`), ...TABLES.map((table) => `/devices/${id}?tab=facts&table=${table}`)]),
  `/?view=${encodeURIComponent(EVIL)}`,
  ...ADMINISTRATION,
];
for (const path of visited) await visit(page, world, path);
await world.end();
console.log(`${visited.length} screens`);
for (const trouble of world.troubles) console.error(trouble);
process.exitCode = world.troubles.length > 0 ? 1 : 0;
