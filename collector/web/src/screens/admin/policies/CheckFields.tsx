import { CloseButton, NativeSelect, TagsInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../../api/client";
import { limitWords, unitWord } from "../../../parts/limitWords";
import { NumberField } from "../../../parts/NumberField";
import page from "../../../parts/page/Page.module.css";
import { quantity } from "../../../parts/table/values";
import style from "../Admin.module.css";
import { OPENS, withLimit, type CheckRules, type Part } from "./policy";

interface Props {
  id: string;
  /** None: no device declares it any more. */
  declared: Schemas["CheckView"] | undefined;
  rules: CheckRules;
  set: (part: Part) => void;
  remove: () => void;
}

/** One that is not known here stands as the check calls it. */
function Limit({ name, unit }: { name: string; unit: string }) {
  const { t } = useTranslation();
  return (
    <>
      {limitWords(t, name) ?? <code>{name}</code>}
      {unit && ` (${unitWord(t, unit)})`}
    </>
  );
}

const SECONDS = ["every_seconds", "hold_seconds", "clear_seconds"] as const;

/** What a policy says about one check; what is left empty is as the check has it. */
export function CheckFields({ id, declared, rules, set, remove }: Props) {
  const { t } = useTranslation();
  return (
    <section className={page["card"]} aria-label={id}>
      <div className={style["checkHead"]}>
        <h3>
          {id} <span className={page["plain"]}>{declared?.title}</span>
        </h3>
        <CloseButton size="md" aria-label={t("policies.without", { check: id })} onClick={remove} />
      </div>
      <div className={style["week"]}>
        <NativeSelect
          size="xs"
          label={t("policies.opens")}
          value={rules.opens ?? ""}
          onChange={(event) => set({ opens: OPENS.find((one) => one === event.currentTarget.value) })}
          data={[
            { value: "", label: t(declared?.ticket_worthy ? "policies.asItIsTicket" : "policies.asItIs") },
            ...OPENS.map((value) => ({ value, label: t(`policies.open.${value}`) })),
          ]}
        />
        {SECONDS.map((name) => (
          <NumberField
            key={name}
            size="xs"
            label={t(`policies.${name}`)}
            {...(name === "every_seconds" && declared && { description: t("policies.usually", { value: quantity(declared.every_seconds, "s") }) })}
            value={rules[name]}
            set={(seconds) => set({ [name]: seconds })}
          />
        ))}
        {declared?.limits.map((limit) => (
          <NumberField
            key={limit.name}
            size="xs"
            isFraction
            label={<Limit {...limit} />}
            description={t("policies.usually", { value: quantity(limit.default, limit.unit) })}
            value={rules.limits?.[limit.name]}
            set={(value) => set({ limits: withLimit(rules.limits, limit.name, value) })}
          />
        ))}
      </div>
      {declared?.takes_targets && (
        <TagsInput size="xs" label={t("policies.targets")} description={t("policies.targetsHelp")} value={rules.targets ?? []} onChange={(targets) => set({ targets })} />
      )}
    </section>
  );
}
