import { expect, test } from "vitest";
import type { Consent } from "../../../api/jobs";
import { isAgreed, needOf, toRun, type Purpose } from "./agreed";

const purpose = (parameters: object, device = "lab-7"): Purpose => ({ device, action: "mount.unmount", parameters: parameters as Record<string, never> });
const said = (standing: Consent["standing"], parameters: object) => [{ ...purpose(parameters), standing }];

test("only what was agreed to may be done, in whatever order its parameters stand", () => {
  expect(isAgreed(said("given", { mount: "/srv", force: true }), purpose({ force: true, mount: "/srv" }))).toBe(true);
  expect(isAgreed(said("given", { mount: "/srv" }), purpose({ mount: "/home" }))).toBe(false);
  expect(isAgreed(said("given", { mount: "/srv" }), purpose({ mount: "/srv" }, "lab-8"))).toBe(false);
});

test.each(["asked", "refused", "expired", "used", "withdrawn"] as const)("a question that is %s allows nothing", (standing) => {
  expect(isAgreed(said(standing, {}), purpose({}))).toBe(false);
});

test("the device's own policy says what is needed, and its class where that does not", () => {
  expect(needOf({ consent_needed: "none" }, "disrupt")).toBe("none");
  expect(needOf({ consent_needed: "any" }, "repair")).toBe("any");
  expect(needOf({ consent_needed: null }, "disrupt")).toBe("any");
  expect(needOf({ consent_needed: "of a later version" }, "control")).toBe("user");
  expect(needOf({}, "repair")).toBe("none");
});

const given = (more: Partial<Consent>) => [{ ...purpose({ mount: "/srv", force: true }), id: "c", standing: "given", n_uses: 0, ...more } as Consent];

test("what the user has agreed to is run as they were shown it, or planned where they were shown no plan", () => {
  expect(toRun(given({ plan: "p" }), "c")).toEqual({ job: "p", action: "mount.unmount" });
  expect(toRun(given({ plan: null }), "c")).toEqual({ device: "lab-7", action: "mount.unmount", values: { mount: "/srv", force: "true" } });
});

test("what was done, was taken back or is over is not offered", () => {
  const over: Partial<Consent>[] = [{ n_uses: 1 }, { standing: "used" }, { standing: "expired" }, { standing: "withdrawn" }, { id: "d" }];
  for (const one of over) expect(toRun(given(one), "c")).toBeUndefined();
});
