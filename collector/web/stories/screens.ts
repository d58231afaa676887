//! Every screen on real data, in both languages and both colour schemes, to look at: `npm run screens -- [NAME…]` puts them
//! into `target/screens/`, and says what axe finds and what the browser complains of.

import { mkdir } from "node:fs/promises";
import type { Page } from "playwright-core";
import { violations } from "./axe.ts";
import { SCREENS as OUT, World, type Look } from "./world.ts";

interface Screen {
  name: string;
  path: string;
  isOutside?: boolean;
  width?: number;
  /** Until it shows what it is there to show. */
  prepare: (page: Page) => Promise<unknown>;
}

const TICKET = process.env["SONDE_TICKET"] ?? "1";
const settled = (page: Page) => page.waitForLoadState("domcontentloaded");
const ticketShown = (page: Page) => page.getByRole("log").getByRole("listitem").first().waitFor();

const SCREENS: Screen[] = [
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

const LOOKS: Look[] = [
  { lang: "en", scheme: "light" },
  { lang: "fr", scheme: "light" },
  { lang: "en", scheme: "dark" },
  { lang: "fr", scheme: "dark" },
];

const wanted = process.argv.slice(2);
const chosen = SCREENS.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
const troubles = new Set<string>();
await mkdir(OUT, { recursive: true });
const world = await World.begin();
try {
  for (const look of LOOKS) {
    for (const screen of chosen) {
      const page = await world.page({ ...look, ...(screen.width && { width: screen.width }) }, !screen.isOutside);
      await page.goto(screen.path);
      await screen.prepare(page);
      await settled(page);
      await page.screenshot({ path: `${OUT}${screen.name}-${look.lang}-${look.scheme}.png` });
      for (const violation of await violations(page)) troubles.add(`${screen.name} ${look.scheme}: ${violation}`);
      await page.context().close();
    }
  }
} finally {
  await world.end();
}
for (const trouble of [...world.troubles, ...troubles]) console.error(trouble);
process.exitCode = world.troubles.length + troubles.size > 0 ? 1 : 0;
