import { expect, test } from "vitest";
import type { Ticket } from "../../api/tickets";
import { fill } from "./replies";

const ticket = { number: 7, title: "no sound", requester: "Claire" } as Ticket;

test("what a reply leaves open is filled in", () => {
  expect(fill({ en: "Hello {requester}, about {ticket} “{title}”. {technician}" }, "en", ticket, "ada")).toBe("Hello Claire, about 7 “no sound”. ada");
});

test("a reply that is there in one language only is taken in that", () => {
  expect(fill({ en: "Hello", fr: " " }, "fr", ticket, "ada")).toBe("Hello");
});

test("nothing that a requester is called is filled in once more", () => {
  expect(fill({ en: "{requester}" }, "en", { ...ticket, requester: "{technician}" }, "ada")).toBe("{technician}");
});
