import { expect, test } from "vitest";
import type { Action } from "../../api/devices";
import { fitting } from "./fitting";

const action = (id: string, ...names: string[]) =>
  ({ id, parameters: names.map((name) => ({ name, type: "text", required: true, help: "", choices: [] })) }) as unknown as Action;
const column = (name: string, role: string) => ({ name, role, type: "text", unit: "" });

test("an action fits where it takes all that names a row", () => {
  const columns = [column("pid", "key"), column("started_at", "key"), column("name", "slow")];
  const actions = [action("process.terminate", "pid", "started_at", "force"), action("service.stop", "unit"), action("odd.one", "pid")];
  const found = fitting(actions, columns, { pid: 12, started_at: "2026-11-28T12:00:00Z", name: "sh" });
  expect(found.map((one) => [one.action.id, one.values])).toEqual([["process.terminate", { pid: "12", started_at: "2026-11-28T12:00:00Z" }]]);
});

test("a row without a name has none", () => {
  expect(fitting([action("disk.clean")], [column("total_bytes", "slow")], { total_bytes: 1 })).toEqual([]);
});
