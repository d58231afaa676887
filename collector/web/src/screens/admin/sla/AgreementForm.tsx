import { Checkbox, NativeSelect, TagsInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../../api/client";
import { documentsQuery } from "../../../api/documents";
import { NumberField } from "../../../parts/NumberField";
import { PRIORITIES, WAITING } from "../../queue/search";
import { SiteField } from "../accounts/SiteField";
import style from "../Admin.module.css";
import type { FormProps } from "../documents/DocumentPanel";
import { MEASURES, percents, withTarget, type Agreement } from "./agreement";

/** What is promised for each priority, for whose tickets, and when the clocks stand still. */
export function AgreementForm({ body, set }: FormProps<Agreement>) {
  const { t } = useTranslation();
  const calendars = useQuery(documentsQuery("calendars"));
  const names = calendars.data?.map(({ name }) => name) ?? [];
  const known = body.calendar === "" || names.includes(body.calendar) ? names : [body.calendar, ...names];
  const pause = (what: Schemas["WaitingFor"], isOn: boolean) => set({ pauses: WAITING.filter((one) => (one === what ? isOn : body.pauses.includes(one))) });
  return (
    <>
      <TextInput maxLength={200} label={t("documents.description")} value={body.description} onChange={(event) => set({ description: event.currentTarget.value })} />
      <NativeSelect
        label={t("sla.calendar")}
        description={t("sla.calendarHelp")}
        value={body.calendar}
        onChange={(event) => set({ calendar: event.currentTarget.value })}
        data={[{ value: "", label: t("sla.noCalendar") }, ...known]}
      />
      <div className={style["table"]}>
        <table>
          <caption className={style["caption"]}>{t("sla.minutes")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("queue.column.priority")}</th>
              {MEASURES.map((measure) => (
                <th key={measure} scope="col">
                  {t(`measure.${measure}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {PRIORITIES.map((priority) => (
              <tr key={priority}>
                <th scope="row">{t(`priority.${priority}`)}</th>
                {MEASURES.map((measure) => (
                  <td key={measure}>
                    <NumberField
                      size="xs"
                      isLabelHidden
                      label={`${t(`priority.${priority}`)}, ${t(`measure.${measure}`)}`}
                      value={body.priorities[priority]?.[measure]}
                      set={(minutes) => set({ priorities: withTarget(body.priorities, priority, measure, minutes) })}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <SiteField label={t("sla.sites")} help={t("sla.sitesHelp")} value={body.sites} set={(sites) => set({ sites })} />
      <TagsInput size="sm" label={t("sla.groups")} description={t("sla.groupsHelp")} value={body.groups} onChange={(groups) => set({ groups })} />
      <fieldset className={style["choices"]}>
        <legend>{t("sla.pauses")}</legend>
        {WAITING.map((what) => (
          <Checkbox key={what} size="xs" label={t(`queue.waitsFor.${what}`)} checked={body.pauses.includes(what)} onChange={(event) => pause(what, event.currentTarget.checked)} />
        ))}
      </fieldset>
      <TagsInput
        size="sm"
        label={t("sla.warn")}
        description={t("sla.warnHelp")}
        value={body.warn_percent.map(String)}
        onChange={(values) => set({ warn_percent: percents(values) })}
      />
    </>
  );
}
