import { expect, test } from "vitest";
import type { Consent } from "../../../api/jobs";
import { isAgreed, type Purpose } from "./agreed";

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
