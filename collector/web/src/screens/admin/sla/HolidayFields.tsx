import { Button, CloseButton, FileButton, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { takeHolidays } from "../../../api/documents";
import { dayShort } from "../../../locales/format";
import { Icon } from "../../../parts/Icon";
import page from "../../../parts/page/Page.module.css";
import { ProblemLine } from "../../../parts/ProblemLine";
import { say } from "../../../parts/toasts";
import style from "../Admin.module.css";
import { holidaysOf, withoutHoliday } from "./hours";

interface Props {
  /** Of the calendar as it is kept; none: a file cannot be read into it yet. */
  name: string | undefined;
  holidays: Record<string, string>;
  set: (holidays: Record<string, string>) => void;
}

/** Days on which nobody works, one by one or out of an iCalendar file. */
export function HolidayFields({ name, holidays, set }: Props) {
  const { t } = useTranslation();
  const [date, setDate] = useState("");
  const [called, setCalled] = useState("");
  const take = useMutation({
    mutationFn: async (file: File) => takeHolidays(name ?? "", await file.text()),
    onSuccess: () => say(t("sla.holidaysTaken", { calendar: name })),
  });
  const days = holidaysOf(holidays);
  return (
    <section className={page["card"]} aria-label={t("sla.holidayList")}>
      <h2>{t("sla.holidayList")}</h2>
      {days.length === 0 && <p className={page["plain"]}>{t("sla.noHolidays")}</p>}
      <ul className={style["holidays"]}>
        {days.map(([day, title]) => (
          <li key={day} className={page["listRow"]}>
            <time dateTime={day}>
              {dayShort(`${day}T12:00:00`)} {day.slice(0, 4)}
            </time>
            <span>{title}</span>
            <CloseButton size="md" aria-label={t("sla.withoutHoliday", { day, title })} onClick={() => set(withoutHoliday(holidays, day))} />
          </li>
        ))}
      </ul>
      <div className={style["adding"]}>
        <TextInput size="xs" type="date" label={t("sla.date")} value={date} onChange={(event) => setDate(event.currentTarget.value)} />
        <TextInput size="xs" label={t("sla.called")} maxLength={100} value={called} onChange={(event) => setCalled(event.currentTarget.value)} />
        <Button
          variant="default"
          disabled={date === "" || called.trim() === ""}
          onClick={() => {
            set({ ...holidays, [date]: called.trim() });
            setDate("");
            setCalled("");
          }}
        >
          {t("sla.addHoliday")}
        </Button>
        {name && (
          <FileButton accept=".ics,text/calendar" onChange={(file) => file && take.mutate(file)} inputProps={{ "aria-label": t("sla.holidays") }}>
            {(pick) => (
              <Button {...pick} variant="default" loading={take.isPending} leftSection={<Icon name="upload" />}>
                {t("sla.holidays")}
              </Button>
            )}
          </FileButton>
        )}
      </div>
      <p className={page["plain"]}>{t(name ? "sla.fileHelp" : "sla.fileLater")}</p>
      {take.isError && <ProblemLine failure={take.error} />}
    </section>
  );
}
