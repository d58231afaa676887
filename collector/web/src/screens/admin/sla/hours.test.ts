import { expect, test } from "vitest";
import { holidaysOf, spansOf, spansText, withoutHoliday } from "./hours";

test("spans are read as people write them, and what is none stays for the collector to refuse", () => {
  expect(spansOf("09:00-12:30, 13:30 – 18:00")).toEqual(["09:00-12:30", "13:30-18:00"]);
  expect(spansOf("09:00-12:30 13:30-18:00")).toEqual(["09:00-12:30", "13:30-18:00"]);
  expect(spansOf(" ")).toEqual([]);
  expect(spansOf("morning")).toEqual(["morning"]);
  expect(spansText(spansOf("8:00-9:00;10:00-11:00"))).toBe("8:00-9:00, 10:00-11:00");
});

test("holidays come by date, and one is taken away", () => {
  const holidays = { "2026-12-25": "Christmas", "2026-05-01": "Labour day" };
  expect(holidaysOf(holidays).map(([date]) => date)).toEqual(["2026-05-01", "2026-12-25"]);
  expect(withoutHoliday(holidays, "2026-05-01")).toEqual({ "2026-12-25": "Christmas" });
});
