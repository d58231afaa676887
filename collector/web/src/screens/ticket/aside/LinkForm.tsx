import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import style from "./Aside.module.css";

/** What a technician may say of two tickets. */
const RELATIONS = ["duplicate_of", "caused_by", "follows"] as const;
type Relation = (typeof RELATIONS)[number];

export function LinkForm({ link }: { link: (relation: Relation, other: number) => void }) {
  const { t } = useTranslation();
  const [relation, setRelation] = useState<Relation>("duplicate_of");
  const [other, setOther] = useState("");
  return (
    <form
      className={style["buttons"]}
      onSubmit={(event) => {
        event.preventDefault();
        link(relation, Number(other));
        setOther("");
      }}
    >
      <NativeSelect
        size="xs"
        aria-label={t("marks.relation")}
        value={relation}
        onChange={(event) => setRelation(event.currentTarget.value as Relation)}
        data={RELATIONS.map((value) => ({ value, label: t(`relation.${value}`) }))}
      />
      <TextInput
        size="xs"
        w="5rem"
        required
        pattern="[0-9]{1,15}"
        inputMode="numeric"
        aria-label={t("marks.otherTicket")}
        placeholder={t("marks.otherTicket")}
        value={other}
        onChange={(event) => setOther(event.currentTarget.value)}
      />
      <Button type="submit" variant="default">
        {t("marks.link")}
      </Button>
    </form>
  );
}
