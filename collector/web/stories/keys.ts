//! The queue by its keys, and the palette.

import assert from "node:assert/strict";
import type { Story } from "./story.ts";

const TICKET = process.env["SONDE_TICKET"] ?? "1";

export const keys: Story = {
  name: "the queue goes by keys: choose, claim, search, open, reply, and back",
  async run(world) {
    const page = await world.page({ lang: "en", scheme: "light" });
    const chosen = page.locator("[role=row][aria-selected=true]");
    await page.goto("/?state=new&order=newest");
    await page.getByRole("row").nth(3).waitFor();
    for (const key of ["j", "j", "j", "k"]) await page.keyboard.press(key);
    assert.equal(await chosen.getAttribute("aria-rowindex"), "3");
    await page.keyboard.press("c");
    const number = await chosen.locator("[data-column=ticket]").textContent();
    await page.getByText(`Ticket ${number} is yours.`).waitFor();
    await chosen.locator("[data-column=assignee]", { hasText: world.account.name }).waitFor();

    await page.keyboard.press("/");
    await page.keyboard.type("scans archive");
    await page.waitForURL(/search=scans/);
    await page.getByText("best match first").waitFor();
    await page.keyboard.press("Escape");
    await page.goto(`/?assignee=${world.account.name}&order=newest`);
    await page.getByRole("row").nth(1).waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("r");
    await page.locator("textarea:focus").waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.getByRole("table").waitFor();
    await page.context().close();
  },
};

export const palette: Story = {
  name: "the palette finds a ticket by its number, and changes the language",
  async run(world) {
    const page = await world.page({ lang: "en", scheme: "light" });
    await page.goto("/");
    await page.getByRole("row").nth(1).waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").getByRole("combobox").fill("français");
    await page.getByRole("option", { name: /Tout afficher en français/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Non résolus" }).waitFor();
    assert.equal(await page.locator("html").getAttribute("lang"), "fr");
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").getByRole("combobox").fill("1");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/tickets\/1$/);
    await page.context().close();
  },
};

export const everything: Story = {
  name: "the palette runs a check on the ticket's device, opens an action, and finds a screen",
  async run(world) {
    const page = await world.page({ lang: "en", scheme: "light" });
    const box = page.getByRole("dialog").getByRole("combobox");
    await page.goto(`/tickets/${TICKET}`);
    await page.getByRole("log").getByRole("listitem").first().waitFor();
    await page.keyboard.press("Control+k");
    await box.fill("disk.space");
    await page.getByRole("option").filter({ hasText: "disk.space on " }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByText(/disk\.space runs on /).waitFor();
    await page.keyboard.press("Control+k");
    await box.fill("process.renice");
    await page.getByRole("option").filter({ hasText: "process.renice on " }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByLabel("nice").waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+k");
    await box.fill("audit");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/admin\/audit$/);
    await page.context().close();
  },
};
