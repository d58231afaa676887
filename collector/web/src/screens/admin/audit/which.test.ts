import { expect, test } from "vitest";
import { asked, BEGINNING } from "./which";

test("what is not typed is not asked", () => {
  expect(asked({ ...BEGINNING, actor: " ", deed: " account " })).toEqual({ deed: "account" });
  expect(asked({ ...BEGINNING, from: "202" })).toEqual({});
});

test("the last day counts whole", () => {
  const { from, to } = asked({ ...BEGINNING, from: "2026-01-31", to: "2026-01-31" });
  expect(Date.parse(to ?? "") - Date.parse(from ?? "")).toBe(86_400_000);
});
