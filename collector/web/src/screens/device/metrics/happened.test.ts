import { expect, test } from "vitest";
import { bundled, type Happened } from "./happened";

const one = (at: number) => ({ at, says: String(at) }) as Happened;

test("what happened near to each other has one mark, and what is outside has none", () => {
  const bundles = bundled([5, 100, 101, 102, 150, 900].map(one), 100, 200);
  expect(bundles.map(({ place, all }) => [place, all.length])).toEqual([[0, 3], [0.5, 1]]);
});
