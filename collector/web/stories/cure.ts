//! From a call to a cured machine, by the keyboard alone. Needs a connected device, named in `SONDE_DEVICE`, one of whose file
//! systems of /etc/fstab is not mounted, and leaves it so.

import { openByPhone } from "./call.ts";
import type { Story } from "./story.ts";
import { tabTo } from "./story.ts";

export const cure: Story = {
  name: "a call becomes a cured machine, by the keyboard alone",
  async run(world) {
    const page = await world.page({ lang: "en", scheme: "light" });
    await openByPhone(page, "What I scan does not arrive");

    await tabTo(page, page.getByRole("complementary"), /^Mount a file system/);
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    await tabTo(page, dialog, "Show the plan");
    await page.keyboard.press("Enter");
    await dialog.getByRole("heading", { name: "What would be done" }).waitFor();
    await tabTo(page, dialog, "Run it now");
    await page.keyboard.press("Enter");
    await dialog.getByText("succeeded").waitFor();
    await dialog.getByRole("heading", { name: "Proof" }).waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("log").getByText("1 check proves it").waitFor();

    await page.keyboard.press("p");
    await page.keyboard.type("The archive is mounted again; the other findings were there before.");
    await tabTo(page, dialog, "Propose as solved");
    await page.keyboard.press("Enter");
    await page.getByRole("log").getByText("proposed it as solved").waitFor();

    await page.getByRole("log").getByRole("listitem").filter({ hasText: "runs mount.mount" }).getByRole("button", { name: "Details" }).click();
    await tabTo(page, dialog, "Undo");
    await page.keyboard.press("Enter");
    await dialog.getByText("Undoes mount.mount").or(dialog.getByText("undoes mount.mount")).first().waitFor();
    await dialog.getByText("succeeded").waitFor();
    await page.context().close();
  },
};
