import { expect, test } from "vitest";
import { begin, typed, type Parameter } from "./parameters";

const one = (name: string, type: string, required = true): Parameter => ({ name, type, required, help: "", choices: [] });

test("values have the types that are declared", () => {
  const parameters = [one("pid", "integer"), one("force", "truth"), one("unit", "text"), one("share", "real")];
  expect(typed(parameters, { pid: "12", force: "true", unit: "12", share: "0.5" })).toEqual({ pid: 12, force: true, unit: "12", share: 0.5 });
});

test("what is left empty is not given", () => {
  expect(typed([one("days", "integer", false)], { days: " " })).toEqual({});
});

test("what is no number goes as it is: the collector says what is wrong with it", () => {
  expect(typed([one("pid", "integer")], { pid: "twelve" })).toEqual({ pid: "twelve" });
});

test("a finding's subject is taken where there is just one place for it", () => {
  expect(begin([one("mount", "text")], "/srv")).toEqual({ mount: "/srv" });
  expect(begin([one("name", "text"), one("address", "text")], "/srv")).toEqual({});
  expect(begin([one("pid", "integer")], "12")).toEqual({});
});
