import { expect, test } from "vitest";
import type { TimelineEvent } from "../../../api/timeline";
import { lastProbe } from "./probes";

const asked = (job: string, title: string) => ({ kind: "work_asked", job, title }) as TimelineEvent;
const events = [asked("a", "net.asset 192.0.2.7"), asked("b", "net.asset 192.0.2.7:9100"), asked("c", "net.asset [2001:db8::7]:80"), asked("d", "net.dns")];

test("the last job that looked for a thing is found by where it is", () => {
  expect(lastProbe(events, { address: "192.0.2.7", port: 9100 })).toBe("b");
  expect(lastProbe(events, { address: "192.0.2.7", port: null })).toBe("a");
  expect(lastProbe(events, { address: "2001:db8::7", port: 80 })).toBe("c");
});

test("who has moved was not looked for", () => {
  expect(lastProbe(events, { address: "192.0.2.8", port: 9100 })).toBeUndefined();
  expect(lastProbe(events, { address: null, port: null })).toBeUndefined();
});
