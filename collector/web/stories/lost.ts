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

/** Those of the screen and its style sheet, whatever the build has called them. */
const CODE = /\/assets\/(Assets|Metrics)-/;

export const unopened: Story = {
  name: "a screen that was never opened waits for the collector, and the navigation stays",
  async run(world) {
    const page = await world.page({ lang: "en", scheme: "light" });
    // What is fetched ahead does not get it.
    await page.context().route(CODE, (route) => route.abort());
    await page.goto("/");
    await page.getByRole("row").nth(2).waitFor();
    const navigation = page.getByRole("navigation");
    const missing = page.getByRole("heading", { name: "This screen could not be loaded" });
    await page.context().setOffline(true);
    await navigation.getByRole("link", { name: "Assets without an agent" }).click();
    await missing.waitFor();
    await page.getByRole("button", { name: "Try again" }).click();
    await missing.waitFor();
    await navigation.getByRole("link", { name: "Mine" }).click();
    await missing.waitFor({ state: "detached" });
    await page.getByRole("alert").getByText("The collector cannot be reached.").waitFor();
    await navigation.getByRole("link", { name: "Assets without an agent" }).click();
    await missing.waitFor();
    await page.context().unroute(CODE);
    await page.context().setOffline(false);
    await page.getByRole("heading", { name: "Assets without an agent" }).waitFor();
    await missing.waitFor({ state: "detached" });
    await page.context().close();
  },
};
