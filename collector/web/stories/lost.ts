//! A lost connection shows itself, and goes when the collector is back.

import type { Story } from "./story.ts";

export const lost: Story = {
  name: "a lost connection is said, and recovers by itself",
  async run(world) {
    const page = await world.page({ lang: "en", scheme: "light" });
    await page.goto("/");
    await page.getByRole("row").nth(2).waitFor();
    const bar = page.getByText("The collector has not been heard");
    await page.context().setOffline(true);
    await page.getByRole("button", { name: "Read anew" }).click();
    await bar.waitFor();
    await page.context().setOffline(false);
    await bar.waitFor({ state: "detached" });
    await page.getByRole("row").nth(2).waitFor();
    await page.context().close();
  },
};
