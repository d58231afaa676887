import { expect, test } from "vitest";
import { tracks, type Column } from "./columns";

const column = (name: string, part: object = {}): Column<Record<string, string>> => ({ name, title: name, text: (row) => row[name] ?? "", ...part });

test("a column is as wide as its longest text, between limits", () => {
  const rows = [{ a: "x", b: "twelve chars", c: "y".repeat(200) }];
  expect(tracks([column("a"), column("b"), column("c"), column("d", { width: 9 })], rows)).toEqual({
    gridTemplateColumns: "minmax(8ch, 8fr) minmax(15ch, 15fr) minmax(47ch, 47fr) minmax(9ch, 9fr)",
    minWidth: "calc(79ch + 2.25rem)",
  });
});
