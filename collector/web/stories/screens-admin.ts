//! The directory and the administration, to look at.

import type { Page } from "playwright-core";
import { made } from "./made.ts";
import type { Screen } from "./screen.ts";

const TICKET = process.env["SONDE_TICKET"] ?? "1";

const rows = (page: Page) => page.getByRole("grid").getByRole("row").nth(1).waitFor();
const table = (page: Page) => page.locator("main table tbody tr").first().waitFor();
const section = (page: Page) => page.locator("main section h2").first().waitFor();
const panel = (page: Page) => page.getByRole("dialog").locator("form").waitFor();
const opened = (page: Page, label: RegExp) => page.locator("main").getByRole("button", { name: label }).first().click();

/** Each is added where it is not there yet. */
async function tools(page: Page): Promise<void> {
  await page.locator("main :is(h1, h2)").first().waitFor();
  await made(page, "POST", "/remote-tools", { name: "MeshCentral", template: "https://mesh.example/?viewmode=11&gotonode={hostname}" });
  await made(page, "POST", "/remote-tools", { name: "RustDesk", template: "rustdesk://connection/new/{hostname}" });
  await made(page, "POST", "/remote-tools", { name: "VNC", template: "vnc:{address}" });
  await page.reload();
}

export const ADMINISTRATION: Screen[] = [
  { name: "people", path: "/people", prepare: rows },
  {
    name: "person",
    path: "/people",
    prepare: async (page) => {
      await rows(page);
      await page.getByRole("grid").getByRole("row").filter({ hasText: "Claire Martin" }).click();
      await page.locator("main section ul a").first().waitFor();
    },
  },
  { name: "person-new", path: "/people", prepare: async (page) => (await rows(page), await opened(page, /Add a person|Ajouter une personne/), panel(page)) },
  { name: "admin-sites", path: "/admin/sites", prepare: table },
  {
    name: "admin-remote-tool",
    path: "/admin/sites",
    prepare: async (page) => {
      await tools(page);
      await opened(page, /(Change|Modifier).*MeshCentral/);
      await page.getByRole("dialog").locator("[role=status] code").waitFor();
    },
  },
  {
    name: "admin-remote-tool-wrong",
    path: "/admin/sites",
    prepare: async (page) => {
      await tools(page);
      await opened(page, /Add a tool|Ajouter un outil/);
      await page.getByRole("dialog").locator("input").nth(1).fill("https://{hostname}/");
      await page.getByRole("dialog").getByRole("alert").waitFor();
    },
  },
  {
    name: "ticket-open-in",
    path: `/tickets/${TICKET}`,
    prepare: async (page) => {
      await tools(page);
      await page.locator("aside").getByRole("button", { name: /^(Open in|Ouvrir dans)$/ }).first().click();
      await page.getByRole("menuitem", { name: "RustDesk" }).waitFor();
    },
  },
  { name: "admin-accounts", path: "/admin/accounts", prepare: table },
  { name: "admin-account", path: "/admin/accounts", prepare: async (page) => (await table(page), await opened(page, /^(Change|Modifier)/), panel(page)) },
  { name: "admin-policies", path: "/admin/policies", prepare: section },
  {
    name: "admin-policy",
    path: "/admin/policies",
    prepare: async (page) => {
      await section(page);
      await opened(page, /Add a policy|Ajouter une politique/);
      await panel(page);
      await page.getByRole("dialog").locator("input").first().fill("wrong");
      await page.getByRole("dialog").locator("section input").first().fill("1");
      await page.getByRole("dialog").locator("button[type=submit]").click();
      await page.getByRole("dialog").getByRole("alert").waitFor();
    },
  },
  { name: "admin-sla", path: "/admin/sla", prepare: table },
  { name: "admin-replies", path: "/admin/replies", prepare: table },
  { name: "admin-reply", path: "/admin/replies", prepare: async (page) => (await table(page), await opened(page, /^(Change|Modifier)/), panel(page)) },
  { name: "admin-webhooks", path: "/admin/webhooks", prepare: section },
  { name: "admin-audit", path: "/admin/audit", prepare: rows },
];
