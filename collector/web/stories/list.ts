//! However many tickets there are, few rows are in the document.

import assert from "node:assert/strict";
import type { Story } from "./story.ts";

const MOST_ROWS = 60;
const SCROLLS = 30;

export const list: Story = {
  name: "at most 60 rows are in the document while one scrolls to the end",
  async run(world) {
    const page = await world.page({ lang: "en", scheme: "light", height: 1_400 });
    await page.goto("/?state=any");
    await page.getByRole("row").nth(2).waitFor();
    const pane = page.getByRole("rowgroup").last();
    for (let n = 0; n < SCROLLS; n++) {
      await pane.evaluate((element) => element.scrollBy(0, 2_000));
      const rows = await page.getByRole("row").count();
      assert.ok(rows <= MOST_ROWS, `${rows} rows are in the document`);
    }
    await page.context().close();
  },
};
