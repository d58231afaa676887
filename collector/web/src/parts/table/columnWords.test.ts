import type { TFunction } from "i18next";
import { expect, test } from "vitest";
import { cellWords, choiceWord, columnTitle } from "./columnWords";

const column = (name: string) => ({ name, type: "text", unit: "" });
const t = ((key: string) => key) as unknown as TFunction;

test("what is not known here stands as the agent calls it", () => {
  expect(columnTitle(t, "resident_bytes")).toBe("column.resident_bytes");
  expect(columnTitle(t, "flux")).toBeUndefined();
  expect(choiceWord(t, "flux")).toBe("flux");
});

test("the state of a process is a word of the reader's, and the same word elsewhere is not", () => {
  expect(cellWords(t, column("state"), "sleeping")).toBe("processState.sleeping");
  expect(cellWords(t, column("name"), "sleeping")).toBe("sleeping");
});

test("the unit of a measured value is no service", () => {
  expect(columnTitle(t, "unit", "recorded_metrics")).toBe("column.unitOfValue");
  expect(columnTitle(t, "unit", "services")).toBe("column.unit");
});
