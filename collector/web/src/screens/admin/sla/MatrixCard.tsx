import { NativeSelect } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { matrixQuery, setMatrix, type Matrix } from "../../../api/sla";
import type { Priority } from "../../../api/tickets";
import { useMay } from "../../../parts/may";
import { problemLine } from "../../../parts/problemText";
import { say } from "../../../parts/toasts";
import { List } from "../List";
import { Section } from "../Section";

const LEVELS = ["high", "medium", "low"] as const;
const PRIORITIES = ["urgent", "high", "normal", "low"] as const satisfies Priority[];

/** Which priority follows from impact and urgency. */
export function MatrixCard() {
  const { t } = useTranslation();
  const mayChange = useMay("admin");
  const matrix = useQuery(matrixQuery);
  const set = useMutation({ mutationFn: (next: Matrix) => setMatrix(next), onError: (failure) => say(problemLine(t, failure), true) });
  const known = matrix.data;
  return (
    <Section title={t("matrix.title")} text={t("matrix.text")}>
      <List
        label={t("matrix.title")}
        query={matrix}
        rows={known ? LEVELS : []}
        keyOf={(impact) => impact}
        icon="clock"
        none={t("matrix.none")}
        columns={[
          { title: t("matrix.impact"), show: (impact) => t(`matrix.impactIs.${impact}`) },
          ...LEVELS.map((urgency) => ({
            title: t(`matrix.urgencyIs.${urgency}`),
            show: (impact: (typeof LEVELS)[number]) =>
              known && (
                <NativeSelect
                  size="xs"
                  aria-label={`${t(`matrix.impactIs.${impact}`)}, ${t(`matrix.urgencyIs.${urgency}`)}`}
                  disabled={!mayChange}
                  value={known[impact][urgency]}
                  onChange={(event) => set.mutate({ ...known, [impact]: { ...known[impact], [urgency]: event.currentTarget.value as Priority } })}
                  data={PRIORITIES.map((value) => ({ value, label: t(`priority.${value}`) }))}
                />
              ),
          })),
        ]}
      />
    </Section>
  );
}
