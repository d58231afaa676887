//! Saved views, things without an agent, and what is planned and accepted, to look at.

import type { Page } from "playwright-core";
import type { Screen } from "./screen.ts";

const TICKET = process.env["SONDE_TICKET"] ?? "1";

const queueRows = (page: Page) => page.getByRole("row").nth(1).waitFor();
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
  { name: "queue-view", path: "/?view=Urgent%20first%20tier", prepare: queueRows },
  {
    name: "queue-view-new",
    path: "/?state=waiting&tag=scan&view=Urgent%20first%20tier",
    prepare: async (page) => {
      await page.getByRole("button", { name: /Save as a view|Enregistrer comme vue/ }).click();
      await page.getByRole("dialog").locator("input[type=checkbox]").check();
    },
  },
  { name: "queue-view-missing", path: "/?view=gone", prepare: (page) => page.locator("main p").first().waitFor() },
  { name: "admin-maintenance", path: "/admin/maintenance", prepare: (page) => page.locator("main table tbody tr").first().waitFor() },
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
  { name: "assets", path: "/assets", prepare: gridRows },
  { name: "assets-none", path: "/assets?search=nosuchthing", prepare: (page) => page.locator("main p").nth(1).waitFor() },
  {
    name: "asset",
    path: "/assets",
    prepare: async (page) => {
      await gridRows(page);
      await page.getByRole("grid").getByRole("row").filter({ hasText: "Printer 3" }).click();
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
