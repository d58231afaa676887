import { Button, FileButton, NativeSelect } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { documentsQuery, takeHolidays } from "../../../api/documents";
import { Icon } from "../../../parts/Icon";
import page from "../../../parts/page/Page.module.css";
import { problemLine } from "../../../parts/problemText";
import { say } from "../../../parts/toasts";

/** Takes holidays out of a calendar's file. */
export function Holidays() {
  const { t } = useTranslation();
  const calendars = useQuery(documentsQuery("calendars"));
  const names = calendars.data?.map(({ name }) => name) ?? [];
  const [chosen, setChosen] = useState<string>();
  const calendar = chosen ?? names[0];
  const take = useMutation({
    mutationFn: async (file: File) => takeHolidays(calendar ?? "", await file.text()),
    onSuccess: () => say(t("sla.holidaysTaken", { calendar })),
    onError: (failure) => say(problemLine(t, failure), true),
  });
  if (!calendar) return null;
  return (
    <div className={page["buttons"]}>
      <NativeSelect size="xs" aria-label={t("sla.holidaysOf")} data={names} value={calendar} onChange={(event) => setChosen(event.currentTarget.value)} />
      <FileButton accept=".ics,text/calendar" onChange={(file) => file && take.mutate(file)} inputProps={{ "aria-label": t("sla.holidays") }}>
        {(pick) => (
          <Button {...pick} variant="default" loading={take.isPending} leftSection={<Icon name="upload" />}>
            {t("sla.holidays")}
          </Button>
        )}
      </FileButton>
    </div>
  );
}
