import { expect, test, vi } from "vitest";

const answers = vi.fn<() => Promise<boolean>>();
vi.mock("../api/recover", () => ({ answers }));
const { fetchAhead, late, tryAgain } = await import("./late");

const Screen = () => null;

test("code that did not come is asked for again only when one tries again", async () => {
  answers.mockResolvedValue(false);
  const importer = vi.fn(() => Promise.resolve({ Screen })).mockRejectedValueOnce(new TypeError("no network"));
  const screen = late(importer, "Screen");
  await screen.preload();
  expect(importer).toHaveBeenCalledTimes(1);
  await tryAgain();
  await tryAgain();
  expect(importer).toHaveBeenCalledTimes(2);
});

test("where the collector answers it was a moment, so it is asked for once more at once", async () => {
  answers.mockResolvedValue(true);
  const importer = vi.fn(() => Promise.resolve({ Screen })).mockRejectedValueOnce(new TypeError("no network"));
  await late(importer, "Screen").preload();
  expect(importer).toHaveBeenCalledTimes(2);
});

test("all is fetched ahead once, also what another screen brings, whatever fails", async () => {
  const inner = vi.fn(() => Promise.resolve({ Screen }));
  late(vi.fn(() => Promise.reject(new TypeError("no network"))), "Screen");
  late(() => {
    late(inner, "Screen");
    return Promise.resolve({ Screen });
  }, "Screen");
  await fetchAhead();
  await fetchAhead();
  expect(inner).toHaveBeenCalledTimes(1);
});
