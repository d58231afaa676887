import { expect, test } from "vitest";
import { JOB_STATES, jobMark, jobState, stepMark, stepState } from "./jobMarks";

test("a live look that was stopped has ended; any other job was cancelled", () => {
  expect(jobState("cancelled", "live metrics")).toBe("ended");
  expect(jobState("cancelled", "all checks")).toBe("cancelled");
  expect(jobState("failed", "live metrics")).toBe("failed");
});

test("a state that is not known here is none that is known", () => {
  expect(jobState("paused", "all checks")).toBe("unknown");
});

test("red is what has failed, and nothing else", () => {
  expect(JOB_STATES.filter((state) => jobMark(state).tone === "critical")).toEqual(["failed"]);
  expect((["planned", "done", "failed"] as const).filter((state) => stepMark(state).tone === "critical")).toEqual(["failed"]);
});

test("a step whose state is not known here was not done", () => {
  expect(stepState("skipped")).toBe("planned");
  expect(stepState("done")).toBe("done");
});
