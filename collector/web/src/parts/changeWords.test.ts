import type { TFunction } from "i18next";
import { expect, test } from "vitest";
import type { Schemas } from "../api/client";
import { changeWords } from "./changeWords";

const t = ((key: string, options: { what?: string } = {}) => options.what ?? key) as unknown as TFunction;
const words = (kind: string, before: object, after: object) => changeWords(t, { at: "", table: "mounts", kind, before, after } as Schemas["ChangeView"]);

test("a row that came is called by what names it, not by its first columns", () => {
  expect(words("added", {}, { configured: false, kind: "tmpfs", mount: "/var/log", options: "rw" })).toBe("/var/log");
});

test("what moved is told from what to what, also where it is gone", () => {
  expect(words("changed", { name: "openssl", version: "3.0.1" }, { name: "openssl", version: "3.0.2" })).toBe("openssl · version 3.0.1 → 3.0.2");
  expect(words("changed", { address: "127.0.0.1", port: 80, program: "httpd" }, { address: "127.0.0.1", port: 80 })).toBe("127.0.0.1 · 80 · program httpd → —");
});
