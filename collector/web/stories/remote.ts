//! The site's own remote desktop tool: set up, opened from a ticket, told on it.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { violations } from "./axe.ts";
import type { Story } from "./story.ts";

const stamp = Date.now();
const TICKET = process.env["SONDE_TICKET"] ?? "1";

/** What a click opens: its address, and what it knows of where it comes from. */
async function opened(page: Page, click: () => Promise<void>): Promise<{ address: string; knows: unknown[] }> {
  const [other] = await Promise.all([page.context().waitForEvent("page"), click()]);
  await other.waitForURL(/opened/);
  const knows = await other.evaluate(() => [document.referrer, window.opener as unknown]);
  const address = other.url();
  await other.close();
  return { address, knows };
}

/** By its button where it is the only tool, else from the menu of all. */
async function choose(page: Page, tool: string): Promise<void> {
  const only = page.getByRole("button", { name: `Open in ${tool}` });
  const several = page.getByRole("button", { name: "Open in", exact: true });
  await only.or(several).first().waitFor();
  if (await only.isVisible()) return only.click();
  await several.click();
  await page.getByRole("menuitem", { name: tool }).click();
}

export const remote: Story = {
  name: "a machine is opened in the site's own tool, and the ticket says so",
  async run(world) {
    const page = await world.page({ lang: "en", scheme: "light" });
    const dialog = page.getByRole("dialog");
    const [mesh, guac] = [`Mesh ${stamp}`, `Guac ${stamp}`];
    const template = `${world.address}/opened?machine={hostname}&for={ticket}`;
    await page.goto("/admin/sites");
    for (const tool of [mesh, guac]) {
      await page.getByRole("button", { name: "Add a tool" }).click();
      await dialog.getByLabel("Name").fill(tool);
      await dialog.getByLabel("Address").fill("javascript:{hostname}");
      await dialog.getByRole("alert").filter({ hasText: "opens nothing but the browser itself" }).waitFor();
      await dialog.getByLabel("Address").fill(template);
      await dialog.getByRole("status").filter({ hasText: "/opened?machine=lab-7&for=42" }).waitFor();
      assert.deepEqual(await violations(page), []);
      await dialog.getByRole("button", { name: "Save" }).click();
      await page.getByRole("row").filter({ hasText: tool }).waitFor();
    }

    await page.goto(`/tickets/${TICKET}`);
    const card = page.locator("aside").getByRole("region").filter({ has: page.getByRole("button", { name: "Open in" }) }).first();
    const machine = (await card.getByRole("heading").first().innerText()).trim();
    const expected = new RegExp(`/opened\\?machine=${machine}&for=${TICKET}$`);
    await card.getByRole("button", { name: "Open in" }).click();
    const chosen = await opened(page, () => page.getByRole("menuitem", { name: mesh }).click());
    assert.match(chosen.address, expected);
    assert.deepEqual(chosen.knows, ["", null]);
    await page.getByRole("log").getByText(`opened ${machine} in ${mesh}`).waitFor();
    const again = await opened(page, () => card.getByRole("link", { name: `Open in ${mesh}` }).click());
    assert.match(again.address, expected);
    assert.deepEqual(await violations(page), []);

    await page.goto("/admin/sites");
    await page.getByRole("button", { name: `Change: ${mesh}` }).click();
    await dialog.getByRole("button", { name: "Remove" }).click();
    await page.getByRole("row").filter({ hasText: mesh }).waitFor({ state: "detached" });

    await page.goto(`/tickets/${TICKET}`);
    await card.getByRole("heading").first().getByRole("link").click();
    await page.getByRole("heading", { level: 1 }).waitFor();
    const only = await opened(page, () => choose(page, guac));
    assert.match(only.address, expected);
    await page.goto(`/tickets/${TICKET}`);
    await page.getByRole("log").getByText(`opened ${machine} in ${guac}`).waitFor();
    await page.goto("/admin/sites");
    await page.getByRole("button", { name: `Change: ${guac}` }).click();
    await dialog.getByRole("button", { name: "Remove" }).click();
    await page.getByRole("row").filter({ hasText: guac }).waitFor({ state: "detached" });
    await page.context().close();
  },
};
