//! What a helpdesk is set up with, from the browser alone.

import assert from "node:assert/strict";
import type { Story } from "./story.ts";

const stamp = Date.now();

export const directory: Story = {
  name: "somebody is added to the directory, found, changed and told from a call",
  async run(world) {
    const page = await world.page({ lang: "en", scheme: "light" });
    const name = `Ines Stone ${stamp}`;
    await page.goto("/people");
    await page.getByRole("button", { name: "Add a person" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill(name);
    await dialog.getByLabel("Telephone").fill(`+3361${String(stamp).slice(-8)}`);
    await page.keyboard.press("Enter");
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { name, level: 1 }).waitFor();
    await page.getByRole("button", { name: "Change" }).click();
    await dialog.getByLabel("Note").fill("Works at night");
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByRole("definition").filter({ hasText: "Works at night" }).waitFor();
    await page.goto("/people");
    await page.locator("input[type=file]").setInputFiles({ name: "p.csv", mimeType: "text/csv", buffer: Buffer.from(`name,mail\nUma ${stamp},uma${stamp}@example.org\n`) });
    await page.getByText("1 added, 0 changed, 0 as they were.").waitFor();
    await page.getByLabel("Name, telephone or mail").fill(`uma${stamp}@example.org`);
    await page.getByRole("grid").getByRole("row").filter({ hasText: `Uma ${stamp}` }).waitFor();
    await page.context().close();
  },
};

export const setup: Story = {
  name: "a site, an account, a policy that is wrong first, and an audit that has it all",
  async run(world) {
    const page = await world.page({ lang: "en", scheme: "light" });
    const dialog = page.getByRole("dialog");
    await page.goto("/admin");
    await page.getByRole("button", { name: "Add a site" }).click();
    await dialog.getByLabel("Name").fill(`site-${stamp}`);
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: `site-${stamp}` }).waitFor();

    await page.getByRole("link", { name: "Accounts" }).click();
    await page.getByRole("button", { name: "Add an account" }).click();
    await dialog.getByLabel("Name").fill(`tech-${stamp}`);
    await dialog.getByRole("button", { name: "Add an account" }).click();
    assert.ok((await dialog.getByRole("textbox", { name: "Password" }).inputValue()).length > 12);
    await dialog.getByRole("img", { name: "QR code for the authenticator" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: `Change: tech-${stamp}` }).click();
    await dialog.getByRole("button", { name: "Disable it" }).click();
    await page.getByRole("row").filter({ hasText: `tech-${stamp}` }).getByText("disabled").waitFor();

    await page.getByRole("link", { name: "Policies" }).click();
    await page.getByRole("button", { name: "Add a policy" }).click();
    await dialog.getByLabel("Name").fill(`policy-${stamp}`);
    const space = dialog.getByRole("region", { name: "disk.space" });
    await space.getByLabel("Runs every, seconds").fill("1");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByRole("alert").filter({ hasText: "Runs every: 1 is not between" }).waitFor();
    await space.getByLabel("Runs every, seconds").fill("600");
    await space.getByLabel("free, warning (%)").fill("12.5");
    await dialog.getByLabel("Add a check").selectOption("net.dns");
    await dialog.getByRole("region", { name: "net.dns" }).getByLabel("What it opens").selectOption("alert");
    await dialog.getByRole("combobox", { name: "Reaches these sites" }).fill(`site-${stamp}`);
    await page.keyboard.press("Enter");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("row").filter({ hasText: `policy-${stamp}` }).getByText("disk.space, net.dns").waitFor();
    await page.getByRole("button", { name: `Change: policy-${stamp}` }).click();
    assert.equal(await space.getByLabel("free, warning (%)").inputValue(), "12.5");
    await page.keyboard.press("Escape");

    await page.getByRole("link", { name: "Audit" }).click();
    await page.getByRole("grid").getByRole("row").filter({ hasText: `policy-${stamp}` }).first().waitFor();
    await page.getByRole("button", { name: "Check that it is whole" }).click();
    await page.getByText(/^Whole: \d+ entries/).waitFor();
    await page.context().close();
  },
};

export const others: Story = {
  name: "a canned reply, an agreement's calendar and another system are set up",
  async run(world) {
    const page = await world.page({ lang: "en", scheme: "light" });
    const dialog = page.getByRole("dialog");
    await page.goto("/admin/replies");
    await page.getByRole("button", { name: "Add a reply" }).click();
    await dialog.getByLabel("Name").fill(`reply-${stamp}`);
    await dialog.getByLabel("English").fill("Hello {requester}");
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByRole("row").filter({ hasText: `reply-${stamp}` }).waitFor();

    await page.getByRole("link", { name: "Promises (SLA)" }).click();
    await page.getByRole("button", { name: "Add a calendar" }).click();
    await dialog.getByLabel("Name").fill(`calendar-${stamp}`);
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByRole("row").filter({ hasText: `calendar-${stamp}` }).waitFor();

    await page.getByRole("link", { name: "Other systems" }).click();
    await page.getByRole("button", { name: "Let another system in" }).click();
    await dialog.getByLabel("Name").fill(`source-${stamp}`);
    await dialog.getByLabel("Site").fill("default");
    await page.keyboard.press("Escape");
    await dialog.getByRole("button", { name: "Let another system in" }).click();
    await dialog.getByRole("textbox", { name: "Secret" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("row").filter({ hasText: `source-${stamp}` }).waitFor();
    await page.context().close();
  },
};
