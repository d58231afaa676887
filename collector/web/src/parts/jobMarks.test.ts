import { expect, test } from "vitest";
import { jobState } from "./jobMarks";

test("a live look that was stopped has ended; any other job was cancelled", () => {
  expect(jobState("cancelled", "live metrics")).toBe("ended");
  expect(jobState("cancelled", "all checks")).toBe("cancelled");
  expect(jobState("failed", "live metrics")).toBe("failed");
});

test("a state that is not known here is none that is known", () => {
  expect(jobState("paused", "all checks")).toBe("unknown");
});
