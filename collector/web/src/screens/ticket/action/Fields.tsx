import { Checkbox, NativeSelect, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { choiceWord, columnTitle } from "../../../parts/table/columnWords";
import type { Parameter, Values } from "./parameters";

interface Props {
  parameters: readonly Parameter[];
  values: Values;
  set: (values: Values) => void;
  /** In one line: what each is for shows when one points at it. */
  isDense?: boolean;
}

/** A field for each parameter, of its type. */
export function Fields({ parameters, values, set, isDense = false }: Props) {
  const { t } = useTranslation();
  const write = (name: string, value: string) => set({ ...values, [name]: value });
  return parameters.map(({ name, type, required, help, choices }) => {
    const common = { label: columnTitle(t, name) ?? name, required, ...(isDense ? { title: help, size: "xs" } : { description: help }) };
    if (type === "truth") {
      const isOn = values[name] === "true";
      return <Checkbox key={name} {...common} checked={isOn} onChange={() => write(name, isOn ? "false" : "true")} />;
    }
    if (choices.length > 0) {
      const data = ["", ...choices.map((value) => ({ value, label: choiceWord(t, value) }))];
      return <NativeSelect key={name} {...common} data={data} value={values[name] ?? ""} onChange={(event) => write(name, event.currentTarget.value)} />;
    }
    const isNumber = type === "integer" || type === "real";
    return (
      <TextInput
        key={name}
        {...common}
        inputMode={isNumber ? "decimal" : "text"}
        value={values[name] ?? ""}
        onChange={(event) => write(name, event.currentTarget.value)}
      />
    );
  });
}
