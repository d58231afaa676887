import { expect, test } from "vitest";
import { read } from "./watch";

const told = (event: string, data: unknown) => read({ event, data: JSON.stringify(data), id: undefined });

test("an event of the stream is read by its name, and a job that goes on says nothing", () => {
  const values = [{ metric: "load.minute_1", labels: "", unit: "", value: 1 }];
  expect(told("sample", { at: "1970-01-01T00:00:02Z", missed: 1, values })).toEqual({ kind: "sample", sample: { at: 2_000, missed: 1, values } });
  expect(told("missed", { samples: 3 })).toEqual({ kind: "missed", samples: 3 });
  expect(told("away", {})).toEqual({ kind: "away" });
  expect(told("job", { state: "running", ended: false })).toBeUndefined();
  expect(told("job", { state: "cancelled", ended: true })).toEqual({ kind: "ended", state: "cancelled" });
  expect(told("of a newer collector", {})).toBeUndefined();
});
