import { expect, test } from "vitest";
import { whole } from "./whole";

const pages = (n: number) => {
  const asked: (string | undefined)[] = [];
  const read = (page: { before?: string }) => {
    asked.push(page.before);
    const at = asked.length;
    return Promise.resolve({ items: [at], next: at < n ? `after ${at}` : null });
  };
  return { asked, read };
};

test("a list is read to its end, each page after the one before", async () => {
  const { asked, read } = pages(3);
  expect(await whole(read)).toEqual({ items: [1, 2, 3], isCut: false });
  expect(asked).toEqual([undefined, "after 1", "after 2"]);
});

test("a list that is too long says that it is cut", async () => {
  const { asked, read } = pages(99);
  const { items, isCut } = await whole(read);
  expect([items.length, asked.length, isCut]).toEqual([10, 10, true]);
});
