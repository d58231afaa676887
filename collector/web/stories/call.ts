import type { Page } from "playwright-core";

/** A connected device, one of whose file systems of /etc/fstab is not mounted. */
export const DEVICE = process.env["SONDE_DEVICE"] ?? "lab-7";

/** A ticket for the device and whoever has it, as one opens it on the telephone; until its checks have run. */
export async function openByPhone(page: Page, title: string): Promise<void> {
  await page.goto("/");
  await page.getByRole("table").waitFor();
  await page.keyboard.press("n");
  await page.locator("input:focus").waitFor();
  await page.keyboard.type(DEVICE);
  await page.locator("button[aria-pressed=true]", { hasText: DEVICE }).first().waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.type(title);
  await page.keyboard.press("Enter");
  await page.getByRole("log").getByText("runs all checks").waitFor();
  await page.getByRole("log").getByText("is not mounted").waitFor();
}
