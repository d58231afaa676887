import { expect, test } from "vitest";
import { Reader } from "./sse";

const all = (...texts: string[]) => {
  const reader = new Reader();
  return texts.flatMap((text) => reader.take(text));
};

test("an event is told once it is complete, however it is cut", () => {
  expect(all("event: tic", "ket\ndata: {\"a\"", ":1}\nid: r.7\n", "\n")).toEqual([{ event: "ticket", data: '{"a":1}', id: "r.7" }]);
});

test("comments that keep the stream alive tell nothing", () => {
  expect(all(":\n\n", ": alive\n\n")).toEqual([]);
});

test("lines of data are put together", () => {
  expect(all("data: a\ndata:b\r\n\r\n")).toEqual([{ event: "message", data: "a\nb", id: undefined }]);
});

test("what never ends is dropped", () => {
  expect(all(`data: ${"x".repeat(2 << 20)}`, "\n\ndata: y\n\n").map(({ data }) => data)).toEqual(["y"]);
});
