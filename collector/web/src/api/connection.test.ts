import { expect, test } from "vitest";
import { connection } from "./connection";

test("it is well again when all who missed it have found it", () => {
  connection.lost("calls");
  const first = connection.read();
  connection.lost("tickets/1");
  connection.found("calls");
  expect(connection.read()).toBe(first);
  connection.found("tickets/1");
  expect(connection.read().lostSince).toBeUndefined();
});
