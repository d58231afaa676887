//! The screens of the daily work, to look at.

import type { Page } from "playwright-core";
import type { Screen } from "./screen.ts";

const TICKET = process.env["SONDE_TICKET"] ?? "1";
const ticketShown = (page: Page) => page.getByRole("log").getByRole("listitem").first().waitFor();

export const DESK: Screen[] = [
  { name: "sign-in", path: "/sign-in", isOutside: true, prepare: (page) => page.locator("input[name], input").first().waitFor() },
  { name: "queue", path: "/", prepare: (page) => page.getByRole("row").nth(3).waitFor() },
  { name: "queue-empty", path: "/?search=nothinghasthisword", prepare: (page) => page.locator("main p").nth(1).waitFor() },
  {
    name: "palette",
    path: "/",
    prepare: async (page) => {
      await page.getByRole("row").nth(3).waitFor();
      await page.keyboard.press("Control+k");
      await page.getByRole("dialog").getByRole("combobox").fill("scan");
      await page.getByRole("dialog").getByRole("option").nth(2).waitFor();
    },
  },
  {
    name: "keys",
    path: "/",
    prepare: async (page) => {
      await page.getByRole("row").nth(3).waitFor();
      await page.keyboard.press("?");
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "call",
    path: "/call?number=%2B33612345678",
    prepare: (page) => page.locator("button[aria-pressed=true]").first().waitFor(),
  },
  { name: "ticket", path: `/tickets/${TICKET}`, prepare: async (page) => (await ticketShown(page), page.locator("aside h3").nth(2).waitFor()) },
  {
    name: "ticket-plan",
    path: `/tickets/${TICKET}`,
    prepare: async (page) => {
      await ticketShown(page);
      await page.getByRole("log").getByRole("button").last().click();
      await page.getByRole("dialog").locator("h3").first().waitFor();
    },
  },
  {
    name: "ticket-action",
    path: `/tickets/${TICKET}`,
    prepare: async (page) => {
      await ticketShown(page);
      await page.locator("aside").getByRole("button", { name: "Action" }).first().click();
      await page.getByRole("dialog").locator("select").selectOption("process.terminate");
    },
  },
  {
    name: "ticket-propose",
    path: `/tickets/${TICKET}`,
    prepare: async (page) => {
      await ticketShown(page);
      await page.keyboard.press("p");
      await page.getByRole("dialog").locator("textarea").first().waitFor();
    },
  },
  {
    name: "ticket-proof",
    path: `/tickets/${TICKET}`,
    prepare: async (page) => {
      await ticketShown(page);
      const ran = page.getByRole("log").getByRole("listitem").filter({ hasText: /runs [a-z]+\.|exécute [a-z]+\./ });
      await ran.last().getByRole("button").click();
      await page.getByRole("dialog").locator("h3").nth(1).waitFor();
    },
  },
  {
    name: "ticket-escalate",
    path: `/tickets/${TICKET}`,
    prepare: async (page) => {
      await ticketShown(page);
      await page.keyboard.press("e");
      await page.getByRole("dialog").locator("textarea").first().waitFor();
    },
  },
  {
    name: "account",
    path: "/",
    prepare: async (page) => {
      await page.getByRole("row").nth(3).waitFor();
      await page.getByRole("navigation").getByRole("button").last().click();
      await page.getByRole("menu").waitFor();
    },
  },
  {
    name: "lost",
    path: "/",
    prepare: async (page) => {
      await page.getByRole("row").nth(3).waitFor();
      await page.context().setOffline(true);
      await page.locator("main header").getByRole("button").click();
      await page.locator("main [role=status]").first().locator("svg").waitFor();
    },
  },
  { name: "queue-narrow", path: "/", width: 390, prepare: (page) => page.getByRole("row").nth(3).waitFor() },
  { name: "ticket-narrow", path: `/tickets/${TICKET}`, width: 390, prepare: ticketShown },
  { name: "nowhere", path: "/nothing/here", prepare: (page) => page.locator("main p").first().waitFor() },
];
