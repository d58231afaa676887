//! Saved views, things without an agent, and what is planned and accepted, to look at.

import type { Page } from "playwright-core";
import { made } from "./made.ts";
import type { Screen } from "./screen.ts";

const TICKET = process.env["SONDE_TICKET"] ?? "1";

const queueRows = (page: Page) => page.getByRole("row").nth(1).waitFor();
const VIEW = "/?view=Everything%20first";

/** What is shown is made where it is not there yet. */
async function viewed(page: Page): Promise<void> {
  await page.locator("main :is(h1, p)").first().waitFor();
  await made(page, "PUT", "/views/Everything%20first", { filter: { state: "unresolved", tier: "first", order: "due" }, shared: true });
  await page.reload();
}

async function thing(page: Page): Promise<void> {
  await page.locator("main h1").waitFor();
  const printer = { kind: "printer", name: "Printer 3", address: "192.0.2.7", port: 9_100, place: "Floor 3", model: "LaserJet M404", site: "default" };
  await made(page, "POST", "/assets", printer);
  await page.reload();
  await gridRows(page);
}

/** So many hours from now. */
const hour = (n: number) => new Date(Date.now() + n * 3_600_000).toISOString();

async function silenced(page: Page): Promise<void> {
  await section(page);
  const weekly = { site: "default", from: hour(24), until: hour(26), weekly: true, time_zone: "Europe/Paris", reason: "updates every week" };
  const rows = page.locator("main table tbody tr");
  await rows.or(page.locator("main section p + div, main section [class*=notice]")).first().waitFor();
  if ((await rows.count()) === 0) {
    await made(page, "POST", "/maintenance", weekly);
    await made(page, "POST", "/mutes", { site: "default", check: "time.daemon", reason: "the clock server moves" });
    await page.reload();
  }
  await rows.first().waitFor();
}

const section = (page: Page) => page.locator("main section h2").first().waitFor();

async function changed(page: Page, at: number): Promise<void> {
  await page.locator("main section").nth(at + 1).getByRole("button", { name: /^(Change|Modifier)/ }).first().click();
  await page.getByRole("dialog").locator("fieldset").waitFor();
}

const gridRows = (page: Page) => page.getByRole("grid").getByRole("row").nth(1).waitFor();

export const THINGS: Screen[] = [
  {
    name: "queue-filters",
    path: "/?priority=urgent&tier=first&state=new%2Cwaiting",
    prepare: async (page) => {
      await queueRows(page);
      await page.keyboard.press("f");
      await page.locator("fieldset").waitFor();
    },
  },
  { name: "queue-view", path: VIEW, prepare: async (page) => (await viewed(page), queueRows(page)) },
  {
    name: "queue-view-new",
    path: `${VIEW}&state=any`,
    prepare: async (page) => {
      await viewed(page);
      await page.getByRole("button", { name: /Save as a view|Enregistrer comme vue/ }).click();
      await page.getByRole("dialog").locator("input[type=checkbox]").check();
    },
  },
  { name: "queue-view-missing", path: "/?view=gone", prepare: (page) => page.locator("main p").first().waitFor() },
  { name: "admin-maintenance", path: "/admin/maintenance", prepare: silenced },
  {
    name: "admin-maintenance-plan",
    path: "/admin/maintenance",
    prepare: async (page) => {
      await page.locator("main section button").first().click();
      await page.getByRole("dialog").locator("input[type=checkbox]").check();
    },
  },
  {
    name: "ticket-accept",
    path: `/tickets/${TICKET}`,
    prepare: async (page) => {
      await page.locator("aside").getByRole("button", { name: /^(Accept until|Accepter jusqu)/ }).first().click();
      await page.getByRole("dialog").locator("form").waitFor();
    },
  },
  { name: "admin-escalation", path: "/admin/escalation", prepare: section },
  {
    name: "admin-escalation-rule",
    path: "/admin/escalation",
    prepare: async (page) => {
      await section(page);
      await page.locator("main section button").first().click();
      await page.getByRole("dialog").locator("section button").click();
      await page.getByRole("dialog").locator("section [role=status] p").waitFor();
    },
  },
  { name: "admin-agreement", path: "/admin/sla", prepare: (page) => changed(page, 0) },
  { name: "admin-calendar", path: "/admin/sla", prepare: (page) => changed(page, 1) },
  {
    name: "admin-macro",
    path: "/admin/replies",
    prepare: async (page) => {
      await section(page);
      await page.locator("main section").nth(1).locator("button").first().click();
      await page.getByRole("dialog").locator("form").waitFor();
    },
  },
  {
    name: "admin-webhook-new",
    path: "/admin/webhooks",
    prepare: async (page) => {
      await section(page);
      await page.locator("main section button").first().click();
      await page.getByRole("dialog").locator("form input").nth(2).click();
      await page.getByRole("option").first().waitFor();
    },
  },
  { name: "assets", path: "/assets", prepare: thing },
  { name: "assets-none", path: "/assets?search=nosuchthing", prepare: (page) => page.locator("main p").nth(1).waitFor() },
  {
    name: "asset",
    path: "/assets",
    prepare: async (page) => {
      await thing(page);
      await page.getByRole("grid").getByRole("row").filter({ hasText: "Printer 3" }).first().click();
      await page.getByRole("dialog").locator("dl").waitFor();
    },
  },
  {
    name: "asset-new",
    path: "/assets",
    prepare: async (page) => {
      await page.locator("main header button").click();
      const dialog = page.getByRole("dialog");
      await dialog.locator("input").first().fill("Printer 4");
      await dialog.locator("input").nth(2).fill("127.0.0.1");
      await dialog.locator("button[type=submit]").click();
      await dialog.getByRole("alert").waitFor();
    },
  },
];
