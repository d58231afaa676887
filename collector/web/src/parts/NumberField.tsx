import { NumberInput, type MantineSize } from "@mantine/core";
import type { ReactElement } from "react";

interface Props {
  label: string | ReactElement;
  /** Instead of a label that is seen; it is plain text then. */
  isLabelHidden?: boolean;
  description?: string;
  value: number | null | undefined;
  /** None: the field is empty. */
  set: (value: number | undefined) => void;
  isRequired?: boolean;
  isFraction?: boolean;
  size?: MantineSize;
}

/** A number, whole if it is no fraction; what is wrong with it, the collector says. */
export function NumberField({ label, isLabelHidden = false, description, value, set, isRequired = false, isFraction = false, size = "sm" }: Props) {
  return (
    <NumberInput
      size={size}
      hideControls
      allowDecimal={isFraction}
      allowNegative={false}
      required={isRequired}
      {...(isLabelHidden && typeof label === "string" ? { "aria-label": label } : { label })}
      {...(description && { description })}
      value={value ?? ""}
      onChange={(next) => set(next === "" ? undefined : Number(next))}
    />
  );
}
