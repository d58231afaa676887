import { Checkbox, NativeSelect, TextInput } from "@mantine/core";
import type { Parameter, Values } from "./parameters";

interface Props {
  parameters: readonly Parameter[];
  values: Values;
  set: (values: Values) => void;
}

/** A field for each parameter, of its type. */
export function Fields({ parameters, values, set }: Props) {
  const write = (name: string, value: string) => set({ ...values, [name]: value });
  return parameters.map(({ name, type, required, help, choices }) => {
    const common = { label: name, description: help, required };
    if (type === "truth") {
      const isOn = values[name] === "true";
      return <Checkbox key={name} label={name} description={help} checked={isOn} onChange={() => write(name, isOn ? "false" : "true")} />;
    }
    if (choices.length > 0) {
      const data = ["", ...choices];
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
