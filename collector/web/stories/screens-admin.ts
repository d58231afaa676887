//! The directory and the administration, to look at.

import type { Page } from "playwright-core";
import type { Screen } from "./screen.ts";

const rows = (page: Page) => page.getByRole("grid").getByRole("row").nth(1).waitFor();
const table = (page: Page) => page.locator("main table tbody tr").first().waitFor();
const section = (page: Page) => page.locator("main section h2").first().waitFor();
const panel = (page: Page) => page.getByRole("dialog").locator("form").waitFor();
const opened = (page: Page, label: RegExp) => page.locator("main").getByRole("button", { name: label }).first().click();

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
