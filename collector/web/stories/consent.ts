//! What the user notices is done when they have agreed on their page. Needs what `cure.ts` needs.

import type { Page } from "playwright-core";
import type { Story } from "./story.ts";
import { openByPhone } from "./call.ts";

export async function act(page: Page, action: string): Promise<void> {
  await page.getByRole("complementary").getByRole("button", { name: "Action…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Action").selectOption(action);
  await dialog.getByLabel("mount").fill("/srv/archive");
  await dialog.getByRole("button", { name: "Show the plan" }).click();
  await dialog.getByRole("heading", { name: "What would be done" }).waitFor();
}

export async function run(page: Page): Promise<void> {
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Run it now" }).click();
  await dialog.getByRole("heading", { name: "Steps" }).waitFor();
  await dialog.getByText("succeeded").waitFor();
}

export const consent: Story = {
  name: "the user agrees on their page, then it is done",
  async run(world) {
    const page = await world.page({ lang: "en", scheme: "light" });
    const dialog = page.getByRole("dialog");
    await openByPhone(page, "Please let go of the archive");
    await page.getByRole("button", { name: "Make an address of their page" }).click();
    const address = await page.getByLabel("Make an address of their page").inputValue();
    await act(page, "mount.mount");
    await run(page);
    await page.keyboard.press("Escape");

    await act(page, "mount.unmount");
    await dialog.getByRole("button", { name: "Run it now", disabled: true }).waitFor();
    await dialog.getByRole("button", { name: "Ask the user" }).click();
    await dialog.getByText("The user is being asked").waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    const theirs = await page.context().newPage();
    await theirs.goto(address);
    await theirs.getByRole("button", { name: "Yes, once" }).click();
    const agreed = page.getByRole("log").getByRole("button", { name: "Run it now: mount.unmount" });
    await agreed.click();
    await dialog.getByText("The user agrees.").waitFor();
    await run(page);
    await page.keyboard.press("Escape");
    await agreed.waitFor({ state: "detached" });
    await page.getByRole("log").getByText("The user agreed: on their page").waitFor();
    await page.context().close();
  },
};
