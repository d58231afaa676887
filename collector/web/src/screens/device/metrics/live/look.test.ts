import { expect, test } from "vitest";
import { IDLE, SHOWN_MS, isOpen, step, type Look, type Step } from "./look";

const sample = (second: number, missed = 0): Step => ({ kind: "sample", sample: { at: second * 1_000, missed, values: [] } });
const after = (...steps: Step[]): Look => steps.reduce(step, IDLE);
const BEGUN: Step[] = [{ kind: "asked" }, { kind: "ordered", job: "j" }];

test("a look is asked for, waits for its device, and is live with the first sample", () => {
  expect(after({ kind: "asked" }).state).toBe("asking");
  expect(after(...BEGUN).state).toBe("waiting");
  expect(after(...BEGUN, sample(1)).state).toBe("live");
});

test("a lost connection shows itself, keeps what was shown, and recovers", () => {
  const lost = after(...BEGUN, sample(1), { kind: "lost" });
  expect([lost.state, lost.samples.length, lost.job]).toEqual(["lost", 1, "j"]);
  const found = step(lost, { kind: "found" });
  expect(found.state).toBe("waiting");
  expect(step(found, sample(9)).samples.map(({ at }) => at)).toEqual([1_000, 9_000]);
});

test("silence is told only where something was shown", () => {
  expect(after(...BEGUN, { kind: "silent" }).state).toBe("waiting");
  expect(after(...BEGUN, sample(1), { kind: "silent" }).state).toBe("silent");
  expect(after(...BEGUN, sample(1), { kind: "silent" }, sample(2)).state).toBe("live");
});

test("only the last minutes are kept, and nothing twice", () => {
  const far = SHOWN_MS / 1_000 + 1;
  const look = after(...BEGUN, sample(1), sample(2), sample(2), sample(1), sample(far + 0.5));
  expect(look.samples.map(({ at }) => at)).toEqual([2_000, far * 1_000 + 500]);
});

test("what was missed on either way is counted, and a new look begins anew", () => {
  const look = after(...BEGUN, sample(1, 2), { kind: "missed", samples: 3 });
  expect(look.missed).toBe(5);
  expect(step(look, { kind: "asked" })).toEqual({ ...IDLE, state: "asking" });
});

test("what has ended can be read still, and is open no more", () => {
  const ended = after(...BEGUN, sample(1), { kind: "ended", state: "failed" });
  expect([ended.state, ended.over, ended.job, ended.samples.length, isOpen(ended)]).toEqual(["ended", "j", undefined, 1, false]);
  expect(isOpen(after({ kind: "asked" }, { kind: "refused" }))).toBe(false);
});
