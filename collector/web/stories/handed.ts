//! A ticket that is not solved at once, to its end and beyond. Needs what `cure.ts` needs, a program `SONDE_BREAK` that takes
//! the file system away again, and what `World.later` needs: it comes after all other stories.

import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import type { Page } from "playwright-core";
import { openByPhone } from "./call.ts";
import { act, run } from "./consent.ts";
import type { Story } from "./story.ts";
import { unzipped } from "./unzipped.ts";

const BREAK = process.env["SONDE_BREAK"];
/** After which what was solved is checked again. */
const SECONDS = 3_601;

async function propose(page: Page, text: string): Promise<void> {
  const dialog = page.getByRole("dialog");
  await page.keyboard.press("p");
  await dialog.getByRole("textbox").fill(text);
  await dialog.getByRole("button", { name: "Propose as solved" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("log").getByText(text).first().waitFor();
}

/** The page of a case file, read where there is no network and no script. */
async function readOffline(page: Page, texts: readonly string[]): Promise<void> {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Case file" }).click()]);
  const folder = await mkdtemp(`${tmpdir()}/sonde-case-`);
  await writeFile(`${folder}/index.html`, unzipped(await readFile(await download.path()), "index.html"));
  const reader = await page.context().browser()?.newContext({ offline: true, javaScriptEnabled: false });
  const read = await reader?.newPage();
  await read?.goto(`file://${folder}/index.html`);
  for (const text of texts) await read?.getByText(text).first().waitFor();
  await reader?.close();
  await rm(folder, { recursive: true });
}

export const handed: Story = {
  name: "what is not solved is handed on with its case file, and opens again when the fault is back",
  async run(world) {
    if (!BREAK) throw new Error("SONDE_BREAK names no program that breaks the device again");
    const page = await world.page({ lang: "en", scheme: "light" });
    const [log, dialog] = [page.getByRole("log"), page.getByRole("dialog")];
    await openByPhone(page, "The archive is empty again");
    const ticket = page.url();
    await page.getByRole("button", { name: "Make an address of their page" }).click();
    const theirs = await page.context().newPage();
    await theirs.goto(await page.getByLabel("Make an address of their page").inputValue());
    await propose(page, "It comes back by itself");
    await theirs.reload();
    await theirs.getByText("It comes back by itself").waitFor();
    await theirs.getByLabel("What is still wrong?").fill("it is still empty");
    await theirs.getByRole("button", { name: "No, not yet" }).click();
    await log.getByText("it is still empty").first().waitFor();

    await page.keyboard.press("e");
    await dialog.getByLabel("Hand over to").selectOption("second");
    await dialog.getByLabel("Reason").fill("it is lost at each start");
    await dialog.getByRole("button", { name: "Escalate" }).click();
    await log.getByText("handed it to: Second").waitFor();
    await readOffline(page, ["is not mounted", "it is still empty", "it is lost at each start"]);

    await act(page, "mount.mount");
    await run(page);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await propose(page, "It is mounted");
    await theirs.reload();
    await theirs.getByRole("button", { name: "Yes, it is solved" }).click();
    await log.getByText("resolved it").waitFor();
    await page.context().close();

    execFileSync(BREAK, { stdio: ["ignore", "ignore", "inherit"] });
    await world.later(SECONDS);
    const again = await world.page({ lang: "en", scheme: "light" });
    await again.goto(ticket);
    await again.getByRole("log").getByText("checked again: mount.missing /srv/archive").waitFor();
    await again.getByText("Tier: Second").waitFor();
    await again.context().close();
  },
};
