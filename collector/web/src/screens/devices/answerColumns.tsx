import { Link } from "@tanstack/react-router";
import type { TFunction } from "i18next";
import type { Schemas } from "../../api/client";
import { factColumns, type Column } from "../../parts/table/columns";
import type { FactColumn, FactRow } from "../../parts/table/values";

type Answer = Schemas["AnswerView"];

/** The device first, then its row. */
export function answerColumns(t: TFunction, columns: readonly FactColumn[]): Column<Answer>[] {
  const facts = factColumns(t, columns).map((column): Column<Answer> => ({
    ...column,
    text: (answer) => column.text(answer.row as FactRow),
    order: (answer) => (answer.row as FactRow)[column.name],
  } as Column<Answer>));
  const device: Column<Answer> = {
    name: "device of the row",
    title: t("devices.column.hostname"),
    text: (answer) => answer.hostname,
    show: (answer) => (
      <Link to="/devices/$id" params={{ id: answer.device }}>
        {answer.hostname}
      </Link>
    ),
    order: (answer) => answer.hostname,
  };
  return [device, ...facts];
}
