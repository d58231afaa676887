//! Who asks for a ticket is known better later.

import type { Story } from "./story.ts";

const TICKET = "2";

export const requester: Story = {
  name: "who asks for a ticket is named anew: by name alone, then out of the directory",
  async run(world) {
    const page = await world.page({ lang: "en", scheme: "light" });
    await page.goto(`/tickets/${TICKET}`);
    const card = page.getByRole("region", { name: "Requester" });
    const nobody = `Somebody ${Date.now()}`;
    const open = card.getByRole("button", { name: /^(Somebody else asks|Name who asks)$/ });
    await open.click();
    await page.keyboard.type(nobody);
    await page.keyboard.press("Enter");
    await card.getByRole("heading", { name: nobody }).waitFor();
    await open.click();
    await page.keyboard.type("Jean Dup");
    await card.getByRole("button", { name: /^Jean Dupont/ }).click();
    await card.getByRole("heading", { name: "Jean Dupont" }).waitFor();
    await page.getByRole("log").getByText("named the requester: Jean Dupont").waitFor();
    await page.context().close();
  },
};
