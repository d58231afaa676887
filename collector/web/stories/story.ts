import type { Locator, Page } from "playwright-core";
import type { World } from "./world.ts";

/** Something that somebody does with the console from beginning to end. */
export interface Story {
  name: string;
  /** Throws where it goes otherwise than it should. */
  run: (world: World) => Promise<void>;
}

const MOST_TABS = 150;

/** Goes by the Tab key until the focus is on the button of this name. */
export async function tabTo(page: Page, within: Locator, name: string | RegExp): Promise<void> {
  const wanted = within.getByRole("button", { name, exact: true });
  await wanted.waitFor();
  for (let n = 0; n < MOST_TABS; n++) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${String(name)} is not reached by the Tab key`);
}
