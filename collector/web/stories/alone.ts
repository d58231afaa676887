//! Help that is asked for on the machine itself while it has no network. `SONDE_ALONE` names a program that has a user of the
//! device `SONDE_DEVICE` ask for what it is given, without a network, and gives the network back.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import type { Story } from "./story.ts";

const PROGRAM = process.env["SONDE_ALONE"];

export const alone: Story = {
  name: "who asks while their machine is offline has a ticket when it is back, with the time that they meant",
  async run(world) {
    if (!PROGRAM) throw new Error("SONDE_ALONE names no program that asks without a network");
    const page = await world.page({ lang: "en", scheme: "light" });
    await page.goto("/?state=new&order=newest");
    await page.getByRole("row").nth(2).waitFor();
    const title = `nothing goes out ${Date.now()}`;
    const before = Date.now();
    execFileSync(PROGRAM, [title], { stdio: ["ignore", "ignore", "inherit"] });
    const after = Date.now();
    await page.getByRole("row").filter({ hasText: title }).click();
    await page.getByRole("heading", { name: title }).waitFor();
    await page.getByRole("log").getByText(/Said on the machine at .* by nobody/).first().waitFor();
    const number = /\/tickets\/(\d+)/.exec(page.url())?.[1] ?? "";
    const { asked, opened_at: opened } = (await (await page.request.get(`/api/v1/tickets/${number}`)).json()) as { asked: { at: string }; opened_at: string };
    const meant = Date.parse(asked.at);
    assert.ok(before <= meant && meant <= after, `${asked.at} is when it was said`);
    assert.ok(meant < Date.parse(opened), `${opened} is when it came`);
    await page.getByRole("button", { name: "Run all checks" }).click();
    const checks = page.getByRole("log").getByRole("listitem").filter({ hasText: "runs all checks" });
    await checks.last().getByText("succeeded").waitFor();
    await page.context().close();
  },
};
