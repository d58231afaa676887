//! Lists under a name: made of the queue's filters, opened, changed, shared, renamed and removed.

import assert from "node:assert/strict";
import { violations } from "./axe.ts";
import { DEVICE } from "./call.ts";
import type { Story } from "./story.ts";

const stamp = Date.now();

export const views: Story = {
  name: "the queue's filters are saved as a view, which is opened, changed, shared, renamed and removed",
  async run(world) {
    const page = await world.page({ lang: "en", scheme: "light" });
    const dialog = page.getByRole("dialog");
    const name = `Late ${stamp}`;
    await page.goto("/");
    await page.getByRole("row").nth(1).waitFor();
    await page.keyboard.press("f");
    await page.getByLabel("priority").selectOption("high");
    await page.getByLabel("tier").selectOption("first");
    await page.getByLabel("site").selectOption("default");
    await page.getByLabel("due within").selectOption("1440");
    await page.getByRole("combobox", { name: "device" }).fill(DEVICE);
    await page.getByRole("option", { name: DEVICE, exact: true }).click();
    await page.getByRole("button", { name: `Without the filter device ${DEVICE}` }).click();
    await page.getByRole("list", { name: "Filtered by" }).getByRole("button", { name: "Without the filter priority High" }).waitFor();
    await page.waitForURL(/due_within=1440/);
    assert.deepEqual(await violations(page), []);
    await page.getByRole("button", { name: "Save as a view" }).click();
    await dialog.getByLabel("Name").fill(name);
    await dialog.getByLabel("Others see it too").check();
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name, level: 1 }).waitFor();
    assert.equal(new URL(page.url()).searchParams.get("view"), name);

    // What is changed is not kept until one says so.
    await page.getByRole("button", { name: /Without the filter tier/ }).click();
    await page.getByText("changed, not saved").waitFor();
    await page.getByRole("button", { name: "Undo the changes" }).click();
    await page.getByRole("button", { name: /Without the filter tier/ }).click();
    await page.getByRole("button", { name: "Save the changes" }).click();
    await page.getByText(`The view ${name} is saved.`).waitFor();
    await page.getByText("changed, not saved").waitFor({ state: "detached" });

    // From anywhere: the sidebar, the palette, the address.
    await page.goto("/people");
    await page.getByRole("navigation").getByRole("link", { name }).click();
    await page.getByRole("button", { name: /Without the filter priority High/ }).waitFor();
    assert.equal(await page.getByRole("button", { name: /Without the filter tier/ }).count(), 0);
    await page.goto("/people");
    await page.getByRole("grid").or(page.locator("main p")).first().waitFor();
    await page.keyboard.press("Control+k");
    await dialog.getByRole("combobox").fill(name);
    await page.getByRole("option", { name: /Saved view/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name, level: 1 }).waitFor();

    await page.getByRole("button", { name: "Edit the view" }).click();
    await dialog.getByLabel("Name").fill(`${name} renamed`);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: `${name} renamed`, level: 1 }).waitFor();
    await page.getByRole("navigation").getByRole("link", { name, exact: true }).waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Edit the view" }).click();
    await dialog.getByRole("button", { name: "Remove the view" }).click();
    await page.getByRole("heading", { name: "Not resolved" }).waitFor();
    await page.goto(`/?view=${encodeURIComponent(name)}`);
    await page.getByText(`There is no view ${name}`).waitFor();
    await page.context().close();
  },
};
