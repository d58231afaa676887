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
