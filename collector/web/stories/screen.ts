import type { Page } from "playwright-core";

export interface Screen {
  name: string;
  path: string;
  isOutside?: boolean;
  width?: number;
  /** Until it shows what it is there to show. */
  prepare: (page: Page) => Promise<unknown>;
}
