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
