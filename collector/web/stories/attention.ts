//! What wants to be looked at stands in the title, and is told where nobody looks.

import type { Story } from "./story.ts";

export const attention: Story = {
  name: "a new ticket counts in the title, and the browser tells of it while another window is looked at",
  async run(world) {
    const look = { lang: "en", scheme: "light" } as const;
    const [caller, reader] = [await world.page(look), await world.page(look)];
    await reader.addInitScript(`
      window.told = [];
      window.Notification = class extends EventTarget {
        static permission = "granted";
        constructor(title, options) { super(); window.told.push(title + ": " + options.body); }
      };`);
    await reader.goto("/");
    await reader.waitForFunction(() => /^\(\d+\) /.test(document.title));
    await reader.evaluate(`Object.defineProperty(document, "hidden", { get: () => true })`);
    const title = `the scanner is dead ${Date.now()}`;
    await caller.goto("/call");
    await caller.getByLabel("What is the problem?").fill(title);
    await caller.getByLabel("Priority").selectOption("urgent");
    await caller.getByRole("button", { name: "Open the ticket" }).click();
    await caller.getByRole("heading", { name: title }).waitFor();
    await reader.waitForFunction((wanted) => (window as unknown as { told: string[] }).told.some((one) => one.startsWith("New ticket") && one.includes(wanted)), title);
    for (const page of [caller, reader]) await page.context().close();
  },
};
