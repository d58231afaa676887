//! Lists that a screen needs whole, because what it shows elsewhere hangs on each of their items.

/** Items of a page, as many as the collector gives. */
const PAGE = 1_000;
const MOST_PAGES = 10;

interface Page<T> {
  items: T[];
  next?: string | null;
}

export interface Whole<T> {
  items: T[];
  /** There are more than are read. */
  isCut: boolean;
}

/** Reads page after page, 10,000 items at most. */
export async function whole<T>(read: (page: { limit: number; before?: string }) => Promise<Page<T>>): Promise<Whole<T>> {
  const items: T[] = [];
  let before: string | undefined;
  for (let n = 0; n < MOST_PAGES; n++) {
    const page = await read({ limit: PAGE, ...(before !== undefined && { before }) });
    items.push(...page.items);
    if (!page.next) return { items, isCut: false };
    before = page.next;
  }
  return { items, isCut: true };
}
