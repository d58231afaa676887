import { beforeEach, expect, test, vi } from "vitest";

const read = vi.hoisted(() => ({ answers: [] as { id: string; n_events: number; ended: boolean }[] }));

vi.mock("./client", () => ({
  api: { GET: () => read.answers.shift(), POST: () => ({ jobs: [read.answers.shift()] }) },
  ask: async (call: unknown) => call,
}));

const { hearOfJob, jobQuery, order } = await import("./jobs");
const { queries } = await import("./queries");

const job = (n_events: number, ended = false) => ({ id: "j", state: "running", n_events, ended });

beforeEach(() => {
  queries.clear();
  read.answers = [];
});

test("what is read is read again until it is as far as was told", async () => {
  read.answers = [job(1), job(2), job(4, true)];
  hearOfJob("j", "succeeded", 4);
  expect((await queries.fetchQuery(jobQuery("j"))).n_events).toBe(4);
});

test("a job that has come further before its order is answered is read anew", async () => {
  read.answers = [job(0)];
  hearOfJob("j", "succeeded", 3);
  await order.checks(1, "d", []);
  expect(queries.getQueryState(jobQuery("j").queryKey)?.isInvalidated).toBe(true);
});

test("what is known already is not read again", async () => {
  read.answers = [job(5, true)];
  await queries.fetchQuery(jobQuery("j"));
  hearOfJob("j", "succeeded", 5);
  expect(queries.getQueryState(jobQuery("j").queryKey)?.isInvalidated).toBe(false);
});
