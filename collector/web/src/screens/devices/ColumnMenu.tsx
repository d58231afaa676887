import { Button, Checkbox, Popover } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Icon } from "../../parts/Icon";
import { FACTS, isFact, MOST_FACTS, PLAIN, type ColumnName, type FactName } from "./choice";
import style from "./Devices.module.css";

interface Props {
  chosen: readonly ColumnName[];
  toggle: (name: ColumnName) => void;
}

/** Chooses what is shown of each device. */
export function ColumnMenu({ chosen, toggle }: Props) {
  const { t } = useTranslation();
  const isFull = chosen.filter(isFact).length >= MOST_FACTS;
  const box = (name: ColumnName, label: string) => (
    <Checkbox
      key={name}
      size="xs"
      label={label}
      checked={chosen.includes(name)}
      disabled={isFull && isFact(name) && !chosen.includes(name)}
      onChange={() => toggle(name)}
    />
  );
  return (
    <Popover position="bottom-end" trapFocus withinPortal={false}>
      <Popover.Target>
        <Button size="compact-sm" variant="default" leftSection={<Icon name="facts" size={14} />}>
          {t("devices.columns")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t("devices.columns")}>
        <div className={style["choice"]}>
          <fieldset>
            <legend>{t("devices.ofDevice")}</legend>
            {PLAIN.map((name) => box(name, t(`devices.column.${name}`)))}
          </fieldset>
          <fieldset>
            <legend>{t("devices.ofFacts")}</legend>
            {(Object.keys(FACTS) as FactName[]).map((name) => box(name, t(`devices.fact.${name}`)))}
          </fieldset>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
