//! What is promised, when tickets are handed on, what is done at once, and who is told: written in fields.

import assert from "node:assert/strict";
import { violations } from "./axe.ts";
import type { Story } from "./story.ts";

const stamp = Date.now();

const HOLIDAYS = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//y//EN", "BEGIN:VEVENT", "UID:1@x", "DTSTAMP:20260101T000000Z", "DTSTART;VALUE=DATE:20261225",
  "DTEND;VALUE=DATE:20261226", "SUMMARY:Christmas", "END:VEVENT", "END:VCALENDAR", ""].join("\r\n");

export const escalation: Story = {
  name: "a rule that hands tickets on is written in fields, tried, kept, changed and removed",
  async run(world) {
    const page = await world.page({ lang: "en", scheme: "light" });
    const dialog = page.getByRole("dialog");
    const name = `slow-${stamp}`;
    await page.goto("/admin/escalation");
    await page.getByRole("button", { name: "Add a rule" }).click();
    await dialog.getByLabel("Name").fill(name);
    await dialog.getByLabel("When").selectOption("unassigned");
    await dialog.getByLabel("Minutes").fill("1");
    await dialog.getByLabel("To the tier").selectOption("first");
    await dialog.getByRole("button", { name: "Try it" }).click();
    await dialog.getByRole("alert").filter({ hasText: "higher tier" }).waitFor();
    await dialog.getByLabel("To the tier").selectOption("second");
    await dialog.getByRole("button", { name: "Try it" }).click();
    await dialog.getByText(/^It would hand on \d+ tickets? now/).waitFor();
    await dialog.getByText("nobody has had it for 1 min").first().waitFor();
    assert.deepEqual(await violations(page), []);
    await dialog.getByLabel("When").selectOption("promise");
    await dialog.getByText(/^It would hand on/).waitFor({ state: "detached" });
    await dialog.getByLabel("Percent of the promised time").fill("90");
    await dialog.getByRole("button", { name: "Save" }).click();
    const row = page.getByRole("row").filter({ hasText: name });
    await row.getByText("90 % of the time for: resolution").waitFor();
    await row.getByText("First → Second").waitFor();
    assert.deepEqual(await violations(page), []);
    await row.getByRole("button", { name: `Change: ${name}` }).click();
    await dialog.getByLabel("When").selectOption("finding");
    await dialog.getByLabel("Check or area").fill("disk.space");
    await dialog.getByRole("button", { name: "Save" }).click();
    await row.getByText("disk.space lasts, at least: Critical").waitFor();
    await row.getByRole("button", { name: `Change: ${name}` }).click();
    await dialog.getByRole("button", { name: "Remove" }).click();
    await row.waitFor({ state: "detached" });
    await page.context().close();
  },
};

export const forms: Story = {
  name: "a calendar with holidays out of a file, an agreement, a macro and a webhook's events are written in fields",
  async run(world) {
    const page = await world.page({ lang: "en", scheme: "light" });
    const dialog = page.getByRole("dialog");
    const [calendar, agreement, macro, webhook] = [`days-${stamp}`, `vip-${stamp}`, `wait-${stamp}`, `hook-${stamp}`];
    await page.goto("/admin/sla");
    await page.getByRole("button", { name: "Add a calendar" }).click();
    await dialog.getByLabel("Name").fill(calendar);
    await dialog.getByLabel("Monday").fill("morning");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByRole("alert").filter({ hasText: "monday" }).waitFor();
    await dialog.getByLabel("Monday").fill("08:00-12:00, 13:00 – 17:00");
    await dialog.getByLabel("Day", { exact: true }).fill("2026-12-24");
    await dialog.getByLabel("Called").fill("Half of us");
    await dialog.getByRole("button", { name: "Add the day" }).click();
    await dialog.getByRole("button", { name: "Save" }).click();
    const row = page.getByRole("row").filter({ hasText: calendar });
    await row.getByText("1 day", { exact: true }).waitFor();
    await row.getByRole("button", { name: `Change: ${calendar}` }).click();
    assert.equal(await dialog.getByLabel("Monday").inputValue(), "08:00-12:00, 13:00-17:00");
    await dialog.locator("input[type=file]").setInputFiles({ name: "h.ics", mimeType: "text/calendar", buffer: Buffer.from("nothing") });
    await dialog.getByRole("alert").waitFor();
    await dialog.locator("input[type=file]").setInputFiles({ name: "h.ics", mimeType: "text/calendar", buffer: Buffer.from(HOLIDAYS) });
    await dialog.getByText("Christmas").waitFor();
    assert.deepEqual(await violations(page), []);
    await dialog.getByRole("button", { name: "Save" }).click();
    await row.getByText("2 days", { exact: true }).waitFor();

    await page.getByRole("button", { name: "Add an agreement" }).click();
    await dialog.getByLabel("Name").fill(agreement);
    await dialog.getByLabel("Calendar").selectOption(calendar);
    await dialog.getByLabel("High, resolution").fill("");
    await dialog.getByLabel("Urgent, resolution").fill("90");
    await dialog.getByLabel("Groups of requesters").fill("board");
    await page.keyboard.press("Enter");
    await dialog.getByLabel("a part").uncheck();
    assert.deepEqual(await violations(page), []);
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByRole("row").filter({ hasText: agreement }).getByText("board").waitFor();
    await page.getByRole("button", { name: `Change: ${agreement}` }).click();
    assert.equal(await dialog.getByLabel("Urgent, resolution").inputValue(), "90");
    assert.equal(await dialog.getByLabel("High, resolution").inputValue(), "");
    await dialog.getByRole("button", { name: "Remove" }).click();
    await page.getByRole("row").filter({ hasText: agreement }).waitFor({ state: "detached" });

    await page.goto("/admin/replies");
    await page.getByRole("button", { name: "Add a macro" }).click();
    await dialog.getByLabel("Name").fill(macro);
    await dialog.getByLabel("State").selectOption("waiting");
    await dialog.getByLabel("It waits for").selectOption("user");
    await dialog.getByLabel("Reason").fill("asked for a picture");
    await dialog.getByLabel("Description").fill("Waits for a picture");
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByRole("row").filter({ hasText: macro }).getByText("Waits for a picture").waitFor();

    await page.goto("/admin/webhooks");
    await page.getByRole("button", { name: "Tell another system" }).click();
    await dialog.getByLabel("Name").fill(webhook);
    await dialog.getByLabel("Address").fill("https://hooks.example.org/sonde");
    await dialog.getByRole("textbox", { name: "Kinds of events" }).or(dialog.getByRole("combobox", { name: "Kinds of events" })).first().fill("state");
    await page.getByRole("option", { name: "State changed" }).click();
    await page.keyboard.press("Escape");
    assert.deepEqual(await violations(page), []);
    await dialog.getByRole("button", { name: "Tell another system" }).click();
    await dialog.getByRole("textbox", { name: "Secret" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: `Open: ${webhook}` }).click();
    await dialog.getByText("State changed · all sites").waitFor();
    await dialog.getByRole("button", { name: "Change" }).click();
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByRole("button", { name: "Remove" }).click();
    await page.getByRole("row").filter({ hasText: webhook }).waitFor({ state: "detached" });
    await page.context().close();
  },
};
