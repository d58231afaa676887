import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { FormProps } from "../documents/DocumentPanel";
import style from "../Admin.module.css";
import { HolidayFields } from "./HolidayFields";
import { spansOf, spansText, WEEK, type Hours } from "./hours";

/** The hours of each day of the week, and the days on which nobody works. */
export function CalendarForm({ body, set, name }: FormProps<Hours>) {
  const { t } = useTranslation();
  const [texts, setTexts] = useState(() => Object.fromEntries(WEEK.map((day) => [day, spansText(body[day] ?? [])])));
  return (
    <>
      <TextInput required label={t("maintenance.zone")} description={t("sla.zoneHelp")} value={body.time_zone} onChange={(event) => set({ time_zone: event.currentTarget.value.trim() })} />
      <fieldset className={style["week"]}>
        <legend>{t("sla.week")}</legend>
        {WEEK.map((day) => (
          <TextInput
            key={day}
            size="xs"
            label={t(`sla.day.${day}`)}
            placeholder={t("sla.free")}
            value={texts[day] ?? ""}
            onChange={(event) => {
              setTexts({ ...texts, [day]: event.currentTarget.value });
              set({ [day]: spansOf(event.currentTarget.value) });
            }}
          />
        ))}
      </fieldset>
      <HolidayFields name={name} holidays={body.holidays ?? {}} set={(holidays) => set({ holidays })} />
    </>
  );
}
