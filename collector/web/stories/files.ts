//! What is pasted, picked or dropped goes onto the ticket, and is seen there.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import type { Story } from "./story.ts";

const TICKET = process.env["SONDE_TICKET"] ?? "1";
/** A picture of one point. */
const PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

export const files: Story = {
  name: "a picture that is pasted and a file that is picked stand on the timeline",
  async run(world) {
    const page = await world.page({ lang: "en", scheme: "light" });
    await page.goto(`/tickets/${TICKET}`);
    await page.getByRole("log").getByRole("listitem").first().waitFor();
    await page.keyboard.press("m");
    await page.locator("textarea:focus").evaluate((box, base64) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([bytes], "image.png", { type: "image/png" }));
      box.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    }, PICTURE);
    const name = `report ${Date.now()}.txt`;
    const body = "what the user wrote down\n";
    await page.locator("input[type=file]").setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from(body) });
    const waiting = page.getByRole("list", { name: "Files that go along" }).getByRole("listitem");
    await waiting.nth(1).waitFor();
    await page.keyboard.press("Control+Enter");
    await waiting.first().waitFor({ state: "detached" });
    const log = page.getByRole("log");
    const [download] = await Promise.all([page.waitForEvent("download"), log.getByRole("link", { name }).click()]);
    assert.equal(download.suggestedFilename(), name);
    const picture = log.locator("img").last();
    await picture.waitFor();
    assert.equal(await picture.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth)), 1);
    await page.context().close();
  },
};

export const caseFile: Story = {
  name: "the case file is taken along, in the reader's language",
  async run(world) {
    const page = await world.page({ lang: "fr", scheme: "light" });
    await page.goto(`/tickets/${TICKET}`);
    const link = page.getByRole("link", { name: "Dossier du ticket" });
    const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
    assert.equal(download.suggestedFilename(), `ticket-${TICKET}.zip`);
    const bytes = await readFile(await download.path());
    assert.equal(bytes.subarray(0, 2).toString(), "PK");
    assert.ok(bytes.includes("manifest.json"), "it has come to its end");
    await page.context().close();
  },
};
