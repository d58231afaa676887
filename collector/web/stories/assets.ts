//! Things without an agent: in the list, on a ticket, and looked for by a device beside them.

import assert from "node:assert/strict";
import { violations } from "./axe.ts";
import type { Story } from "./story.ts";

const stamp = Date.now();
const TICKET = process.env["SONDE_TICKET"] ?? "1";

export const things: Story = {
  name: "a printer is added, put onto a ticket, looked for by a device beside it, and removed",
  async run(world) {
    const page = await world.page({ lang: "en", scheme: "light" });
    const dialog = page.getByRole("dialog");
    const name = `Printer ${stamp}`;
    await page.goto("/");
    await page.getByRole("row").nth(1).waitFor();
    await page.getByRole("navigation").getByRole("link", { name: "Assets without an agent" }).click();
    await page.getByRole("button", { name: "Add an asset" }).first().click();
    await dialog.getByLabel("Name").fill(name);
    await dialog.getByLabel("Port").fill("99999");
    await dialog.getByRole("button", { name: "Add an asset" }).click();
    await dialog.getByRole("alert").waitFor();
    await dialog.getByLabel("Address", { exact: true }).fill("192.0.2.250");
    await dialog.getByLabel("Port").fill("9");
    await dialog.getByLabel("Note").fill("<img src=x onerror=alert(1)>");
    await dialog.getByRole("button", { name: "Add an asset" }).click();
    await dialog.getByRole("definition").filter({ hasText: "192.0.2.250:9" }).waitFor();
    assert.deepEqual(await violations(page), []);
    await dialog.getByRole("button", { name: "Change" }).click();
    await dialog.getByLabel("Where it stands").fill("Second floor");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByRole("definition").filter({ hasText: "Second floor" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByLabel("Name, place, model, serial number or address").fill(String(stamp));
    await page.getByRole("status").filter({ hasText: "1 asset" }).waitFor();

    await page.goto(`/tickets/${TICKET}`);
    const aside = page.locator("aside");
    await aside.getByRole("button", { name: "Add an asset" }).click();
    await aside.getByRole("textbox", { name: "Add an asset" }).fill(String(stamp));
    await aside.getByRole("button", { name }).click();
    const card = aside.getByRole("region", { name });
    await card.getByRole("button", { name: "Look for it" }).click();
    await card.getByText("from ").first().waitFor();
    await card.locator("[role=status] svg").first().waitFor();
    await page.getByRole("log").getByText(new RegExp(`looks for 192\\.0\\.2\\.250`)).first().waitFor();
    assert.deepEqual(await violations(page), []);
    await card.getByRole("button", { name: "Take it off the ticket" }).click();
    await card.waitFor({ state: "detached" });

    await page.goto(`/assets?search=${stamp}`);
    await page.getByRole("grid").getByRole("row").nth(1).click();
    await dialog.getByRole("button", { name: "Remove" }).click();
    await page.getByRole("dialog").last().getByRole("button", { name: "Remove" }).last().click();
    await dialog.getByText(/^Removed at/).waitFor();
    await page.context().close();
  },
};
