//! What opens nothing, and why: maintenance, mutes and accepted findings, made, seen where the finding is, and ended.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { violations } from "./axe.ts";
import { DEVICE, openByPhone } from "./call.ts";
import { openDevice } from "./screens-devices.ts";
import type { Story } from "./story.ts";

const stamp = Date.now();

async function end(page: Page, reason: string): Promise<void> {
  await page.getByRole("button", { name: `End it: ${reason}` }).first().click();
  await page.getByRole("row").filter({ hasText: reason }).waitFor({ state: "detached" });
}

export const silence: Story = {
  name: "maintenance is planned, a check muted and a finding accepted; all show where the finding is, and are ended",
  async run(world) {
    const page = await world.page({ lang: "en", scheme: "light" });
    const dialog = page.getByRole("dialog");
    const [work, muted, known] = [`new disk ${stamp}`, `clock moves ${stamp}`, `known ${stamp}`];
    await openByPhone(page, `Silence ${stamp}`);
    const ticket = page.url();

    await page.goto("/admin/maintenance");
    await page.getByRole("button", { name: "Plan maintenance…" }).click();
    await dialog.getByLabel("Where").selectOption("devices");
    await dialog.getByRole("textbox", { name: "Which devices" }).or(dialog.getByRole("combobox", { name: "Which devices" })).first().fill(DEVICE);
    await page.getByRole("option", { name: DEVICE, exact: true }).click();
    await page.keyboard.press("Escape");
    await dialog.getByLabel("Reason").fill(work);
    const until = await dialog.getByLabel("Until").inputValue();
    await dialog.getByLabel("Until").fill("2020-01-01T10:00");
    await dialog.getByRole("button", { name: "Plan maintenance…" }).click();
    await dialog.getByRole("alert").waitFor();
    await dialog.getByLabel("Until").fill(until);
    assert.deepEqual(await violations(page), []);
    await dialog.getByRole("button", { name: "Plan maintenance…" }).click();
    await page.getByRole("row").filter({ hasText: work }).getByText("under way").waitFor();

    await page.getByRole("button", { name: "Silence…" }).click();
    await dialog.getByLabel("Check").fill("no.such-check");
    await dialog.getByLabel("Reason").fill(muted);
    await dialog.getByRole("button", { name: "Silence…" }).click();
    await dialog.getByRole("alert").waitFor();
    await dialog.getByLabel("Check").fill("time.daemon");
    await dialog.getByRole("button", { name: "Silence…" }).click();
    await page.getByRole("row").filter({ hasText: muted }).waitFor();

    // At the finding.
    await page.goto(ticket);
    const card = page.locator("aside").getByRole("region", { name: DEVICE });
    await card.getByText(work).first().waitFor();
    await card.getByText(muted).first().waitFor();
    await card.getByRole("button", { name: /^Accept until….*is not mounted/ }).click();
    await dialog.getByLabel("Reason").fill(known);
    assert.deepEqual(await violations(page), []);
    await dialog.getByRole("button", { name: "Accept it" }).click();
    await card.getByText(`Accepted by ${world.account.name}`).filter({ hasText: known }).waitFor();

    await page.goto("/");
    await openDevice(page);
    await page.getByRole("listitem").filter({ hasText: work }).waitFor();
    await page.getByRole("listitem").filter({ hasText: known }).waitFor();
    assert.deepEqual(await violations(page), []);

    await page.goto("/admin/maintenance");
    await page.getByRole("row").filter({ hasText: known }).waitFor();
    assert.deepEqual(await violations(page), []);
    for (const reason of [work, muted, known]) await end(page, reason);
    await page.goto(ticket);
    await card.getByRole("button", { name: /^Accept until….*is not mounted/ }).waitFor();
    await page.context().close();
  },
};
