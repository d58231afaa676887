//! A device is watched live for a ticket: it ticks, pauses, loses its connection and finds it again; a part of the time is
//! frozen onto the ticket. Needs an agent that is connected, and a ticket 1 that is not closed.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { violations } from "./axe.ts";
import { openDevice } from "./screens-devices.ts";
import type { Story } from "./story.ts";

const TICKET = process.env["SONDE_TICKET"] ?? "1";
const STREAM = "**/api/v1/jobs/*/metrics";
/** Samples that make a line which one can point at. */
const SOME_SECONDS = 6;

/** What was measured of the device, where it can be frozen for the ticket. */
async function openMetrics(page: Page): Promise<void> {
  await page.goto("/");
  await openDevice(page);
  await page.goto(`${page.url().split("?")[0]}?tab=metrics&ticket=${TICKET}`);
}

export const watching: Story = {
  name: "a device is watched live, and a part of the time is frozen onto its ticket",
  async run(world) {
    const page = await world.page({ lang: "en", scheme: "light" });
    await page.goto("/");
    await openDevice(page);
    const device = page.url().split("?")[0] ?? "";
    await page.goto(`${device}?tab=metrics`);
    await page.getByRole("button", { name: "Watch live, for a ticket" }).click();
    await page.getByRole("dialog").getByLabel(/new ticket/i).waitFor();
    await page.goto(`${device}?tab=metrics&ticket=${TICKET}`);
    const panel = page.getByRole("region", { name: "Live metrics" });
    const state = panel.getByRole("status");
    await panel.getByRole("button", { name: `Watch live for ticket ${TICKET}` }).click();
    await state.filter({ hasText: /^Live$/ }).waitFor();
    const cpu = panel.getByRole("img", { name: /^Processors in use/ });
    await cpu.waitFor();
    const said = new Set<string | null>();
    while (said.size < SOME_SECONDS) said.add(await cpu.getAttribute("aria-label"));
    assert.deepEqual(await violations(page), []);
    await panel.getByRole("button", { name: "Pause" }).click();
    await state.filter({ hasText: "Paused" }).waitFor();
    const paused = await cpu.getAttribute("aria-label");
    await panel.getByRole("button", { name: "Go on" }).click();
    await state.filter({ hasText: /^Live$/ }).waitFor();
    while ((await cpu.getAttribute("aria-label")) === paused) await page.waitForTimeout(100);
    const plot = panel.locator(".u-over").first();
    const box = await plot.boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + box.width * 0.2, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.9, box.y + 60, { steps: 5 });
    await page.mouse.up();
    await state.filter({ hasText: "Paused" }).waitFor();
    await panel.getByRole("button", { name: new RegExp(`^Freeze .* for ticket ${TICKET}$`) }).click();
    await page.getByText(`goes onto ticket ${TICKET}`).waitFor();
    assert.deepEqual(await violations(page), []);
    await panel.getByRole("button", { name: "Stop" }).click();
    await panel.getByRole("button", { name: `Watch live for ticket ${TICKET}` }).waitFor();
    await page.context().close();
  },
};

export const unheard: Story = {
  name: "a live look whose connection is lost says so, and goes on when it is back",
  async run(world) {
    const page = await world.page({ lang: "en", scheme: "dark" });
    await openMetrics(page);
    const panel = page.getByRole("region", { name: "Live metrics" });
    const state = panel.getByRole("status");
    await page.route(STREAM, (route) => route.abort());
    await panel.getByRole("button", { name: `Watch live for ticket ${TICKET}` }).click();
    await state.filter({ hasText: "The connection to the collector is lost" }).waitFor();
    await page.unroute(STREAM);
    await state.filter({ hasText: /^Live$/ }).waitFor();
    await panel.getByRole("button", { name: "Stop" }).click();
    await page.context().close();
  },
};

export const frozen: Story = {
  name: "what a device has recorded is frozen onto a ticket, and seen there as charts",
  async run(world) {
    const page = await world.page({ lang: "en", scheme: "light" });
    await openMetrics(page);
    await page.getByRole("button", { name: new RegExp(`^Freeze .* for ticket ${TICKET}$`) }).click();
    await page.getByText(`goes onto ticket ${TICKET}`).waitFor();
    await page.goto(`/tickets/${TICKET}`);
    const read = page.getByRole("log").getByRole("listitem").filter({ hasText: "Recorded values" }).last();
    await read.getByText("succeeded").waitFor();
    await read.getByRole("button", { name: "Details" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("img", { name: /^Load; .*: peak .*, mean / }).waitFor();
    await dialog.getByRole("list", { name: "What happened meanwhile" }).locator("svg").first().waitFor();
    assert.deepEqual(await violations(page), []);
    await dialog.getByText("Values", { exact: true }).click();
    await dialog.getByRole("region", { name: "Recorded values" }).waitFor();
    await page.context().close();
  },
};
