//! From a token to a device that appears. `SONDE_ENROL` names a program that makes a machine enrol with the token that it reads.

import { execFileSync } from "node:child_process";
import type { Story } from "./story.ts";

const PROGRAM = process.env["SONDE_ENROL"];

export const first: Story = {
  name: "a token is made, a machine enrols with it, and appears on the page",
  async run(world) {
    if (!PROGRAM) throw new Error("SONDE_ENROL names no program that makes a machine enrol");
    const page = await world.page({ lang: "en", scheme: "light" });
    await page.goto("/devices/new");
    await page.getByRole("button", { name: "Make a token" }).click();
    const token = await page.getByRole("textbox", { name: "Token" }).inputValue();
    const line = await page.getByRole("textbox", { name: "Enrol" }).inputValue();
    const collector = /--collector (\S+)/.exec(line)?.[1] ?? "";
    execFileSync(PROGRAM, [collector], { input: token, stdio: ["pipe", "ignore", "inherit"] });
    await page.getByRole("status").getByRole("link").first().click();
    await page.waitForURL(/\/devices\/[a-z0-9]+/);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.context().close();
  },
};
