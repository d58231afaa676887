import { expect, test } from "vitest";
import { byArea } from "./areas";

test("every table stands in one area, and one that is new stands too", () => {
  expect(byArea(["packages", "os", "printers", "cpus"])).toEqual([
    { area: "hardware", tables: ["cpus"] },
    { area: "software", tables: ["os", "packages"] },
    { area: "other", tables: ["printers"] },
  ]);
});
