//! A device's own screen: what is measured, a part of it, and a process that is ended for a ticket. Needs what `cure.ts` needs,
//! and a process called `sleep` on the device.

import assert from "node:assert/strict";
import type { Story } from "./story.ts";
import { DEVICE } from "./call.ts";
import { openDevice } from "./screens-devices.ts";
import { tabTo } from "./story.ts";

const MOST_ROWS = 30;

export const machine: Story = {
  name: "a process is found on the device's screen and ended, for a ticket that is opened on the way",
  async run(world) {
    const page = await world.page({ lang: "en", scheme: "light" });
    await page.goto("/");
    await openDevice(page);
    await page.getByRole("link", { name: "Live" }).click();
    await page.getByLabel(/new ticket/i).fill("A program hangs");
    await page.keyboard.press("Enter");
    await page.getByRole("grid").getByRole("row").nth(2).waitFor();
    await page.getByLabel("Name", { exact: true }).fill("sleep");
    await page.keyboard.press("Enter");
    const process = page.getByRole("grid").getByRole("row").filter({ hasText: "sleep" });
    await process.first().waitFor();
    await page.getByRole("grid").getByRole("row").filter({ hasText: "sonde-agent" }).first().waitFor({ state: "detached" });
    const pids = process.filter({ hasText: "sleeping" }).getByRole("button");
    await page.getByRole("grid").focus();
    await page.keyboard.press("ArrowDown");
    for (let n = 0; n < MOST_ROWS && !(await pids.last().evaluate((element) => element === document.activeElement)); n++) {
      await page.keyboard.press("ArrowDown");
    }
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    await tabTo(page, dialog, /^End a process|^Terminate|^Stop a process/i);
    const pid = await dialog.locator("dd").first().textContent();
    await page.keyboard.press("Enter");
    await dialog.getByLabel("pid").waitFor();
    assert.equal(await dialog.getByLabel("pid").inputValue(), pid);
    await tabTo(page, dialog, "Show the plan");
    await page.keyboard.press("Enter");
    await dialog.getByRole("heading", { name: "What would be done" }).waitFor();
    await dialog.getByLabel("How did the user agree?").fill("by telephone");
    await dialog.getByRole("button", { name: "Run it now" }).click();
    await dialog.getByRole("heading", { name: "Steps" }).waitFor();
    await dialog.getByText("succeeded").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Read now" }).click();
    await page.getByRole("grid").getByRole("gridcell", { name: pid ?? "", exact: true }).waitFor({ state: "detached" });
    await page.context().close();
  },
};

export const charts: Story = {
  name: "a part of the time is drawn over a chart, and all charts show it",
  async run(world) {
    const page = await world.page({ lang: "en", scheme: "light" });
    await page.goto("/");
    await openDevice(page);
    await page.getByRole("link", { name: "Metrics" }).click();
    const plot = page.locator(".u-over").first();
    await plot.waitFor();
    const box = await plot.boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + box.width * 0.5, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.9, box.y + 60, { steps: 5 });
    await page.mouse.up();
    await page.waitForURL(/from=\d+&to=\d+|to=\d+.*from=\d+/);
    await page.getByRole("button", { name: "Whole range" }).click();
    await page.waitForURL((url) => !url.search.includes("from="));
    await page.context().close();
  },
};

export const facts: Story = {
  name: "a table of facts is searched, and a row shows what it was",
  async run(world) {
    const page = await world.page({ lang: "en", scheme: "light" });
    await page.goto("/");
    await openDevice(page);
    await page.getByRole("link", { name: "Facts" }).click();
    await page.getByRole("link", { name: "File systems" }).click();
    await page.getByRole("grid", { name: "File systems" }).getByRole("row").nth(1).waitFor();
    await page.getByLabel("Search in File systems").fill("tmpfs");
    await page.getByRole("status").filter({ hasText: / of \d+ rows/ }).waitFor();
    await page.getByRole("grid").getByRole("row").nth(1).click();
    await page.getByRole("dialog").getByRole("heading", { name: "What it was before" }).waitFor();
    await page.context().close();
  },
};

export const fleet: Story = {
  name: "devices are found by name, and by what stands in their facts",
  async run(world) {
    const page = await world.page({ lang: "en", scheme: "light" });
    const count = page.getByRole("status").filter({ hasText: "device" });
    await page.goto("/devices");
    await page.getByRole("grid").getByRole("row").nth(1).waitFor();
    await page.getByLabel("Host name, serial number").fill(DEVICE);
    await page.waitForURL(/text=/);
    await count.filter({ hasText: "1 device fits" }).waitFor();
    await page.goto("/devices");
    const question = page.getByLabel("Narrow by what devices say of themselves");
    await question.fill("filesystems where mount = '/srv'");
    await page.keyboard.press("Enter");
    await page.getByRole("grid").getByRole("button", { name: DEVICE }).first().waitFor();
    await page.getByRole("button", { name: "Show the rows" }).click();
    await page.getByRole("grid").getByRole("link", { name: DEVICE }).first().waitFor();
    await page.getByRole("button", { name: "Show the devices" }).click();
    await question.fill("filesystems where nonsense > 1");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    assert.equal(await page.locator("mark").textContent(), "nonsense");
    await page.context().close();
  },
};

const SCROLLS = 20;
const MOST_LISTED = 60;

export const devices: Story = {
  name: "the list of devices goes by keys and by its address, and keeps its columns",
  async run(world) {
    const page = await world.page({ lang: "en", scheme: "light", height: 1_400 });
    const grid = page.getByRole("grid");
    const heading = (name: string) => grid.getByRole("columnheader", { name });
    await page.goto("/devices");
    await grid.getByRole("row").nth(2).waitFor();
    await heading("Last heard").getByRole("button").click();
    await page.waitForURL(/sort=seen/);
    await heading("Last heard").getByRole("button").click();
    await page.waitForURL(/sort=-seen/);
    assert.equal(await heading("Last heard").getAttribute("aria-sort"), "descending");
    await page.getByRole("button", { name: "Columns" }).click();
    await page.getByRole("checkbox", { name: "Kernel" }).check();
    await page.keyboard.press("Escape");
    await heading("Kernel").waitFor();
    await page.reload();
    await heading("Kernel").waitFor();
    assert.match(page.url(), /sort=-seen/);
    await grid.getByRole("row").nth(2).waitFor();
    for (let n = 0; n < SCROLLS; n++) {
      await grid.evaluate((element) => element.scrollBy(0, 2_000));
      const rows = await page.getByRole("row").count();
      assert.ok(rows <= MOST_LISTED, `${rows} rows are in the document`);
    }
    await grid.evaluate((element) => element.scrollTo(0, 0));
    for (const key of ["j", "j", "k"]) await page.keyboard.press(key);
    const chosen = page.locator("[role=gridcell] button:focus");
    const name = await chosen.textContent();
    await page.keyboard.press("Enter");
    await page.waitForURL(/devices\/[0-9a-z]{26}/);
    await page.getByRole("heading", { level: 1, name: name ?? "" }).waitFor();
    await page.context().close();
  },
};
