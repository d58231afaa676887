//! What one does is seen by another who looks at the same.

import type { Story } from "./story.ts";

const TICKET = process.env["SONDE_TICKET"] ?? "1";

export const live: Story = {
  name: "a note appears for everybody who has the ticket open",
  async run(world) {
    const look = { lang: "en", scheme: "light" } as const;
    const [writer, reader] = [await world.page(look), await world.page(look)];
    for (const page of [writer, reader]) {
      await page.goto(`/tickets/${TICKET}`);
      await page.getByRole("log").getByRole("listitem").first().waitFor();
    }
    const text = `seen by all ${Date.now()}`;
    await writer.keyboard.press("m");
    await writer.keyboard.type(text);
    await writer.keyboard.press("Control+Enter");
    await reader.getByRole("log").getByText(text).waitFor();
    for (const page of [writer, reader]) await page.context().close();
  },
};

export const news: Story = {
  name: "a new ticket appears in the queue of everybody, by itself",
  async run(world) {
    const look = { lang: "en", scheme: "light" } as const;
    const [caller, reader] = [await world.page(look), await world.page(look)];
    await reader.goto("/?state=new&order=newest");
    await reader.getByRole("row").nth(2).waitFor();
    const title = `the telephone is dead ${Date.now()}`;
    await caller.goto("/call");
    await caller.getByLabel("What is the problem?").fill(title);
    await caller.keyboard.press("Enter");
    await caller.getByRole("heading", { name: title }).waitFor();
    await reader.getByRole("row").filter({ hasText: title }).waitFor();
    for (const page of [caller, reader]) await page.context().close();
  },
};
