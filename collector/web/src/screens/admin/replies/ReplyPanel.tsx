import { Button, Textarea, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../../api/client";
import { documents } from "../../../api/documents";
import page from "../../../parts/page/Page.module.css";
import { Panel } from "../../../parts/Panel";
import { ProblemLine } from "../../../parts/ProblemLine";

export type Reply = Schemas["TextView_Reply"];

const LANGUAGES = ["en", "fr"] as const;
const MOST = 10_000;

interface Props {
  /** None: it is a new one. */
  reply: Reply | undefined;
  close: () => void;
}

/** A canned reply in both languages. */
export function ReplyPanel({ reply, close }: Props) {
  const { t } = useTranslation();
  const [name, setName] = useState(reply?.name ?? "");
  const [texts, setTexts] = useState({ en: reply?.en ?? "", fr: reply?.fr ?? "" });
  const put = useMutation({ mutationFn: () => documents.put("replies", name.trim(), texts), onSuccess: close });
  const remove = useMutation({ mutationFn: () => documents.remove("replies", name), onSuccess: close });
  const failure = put.error ?? remove.error;
  return (
    <Panel title={reply?.name ?? t("replies.add")} close={close}>
      <form
        className={page["stack"]}
        onSubmit={(event) => {
          event.preventDefault();
          put.mutate();
        }}
      >
        {!reply && <TextInput data-autofocus required maxLength={64} label={t("documents.name")} value={name} onChange={(event) => setName(event.currentTarget.value)} />}
        <p className={page["plain"]}>{t("replies.help")}</p>
        {LANGUAGES.map((lang) => (
          <Textarea
            key={lang}
            autosize
            minRows={5}
            maxRows={16}
            maxLength={MOST}
            lang={lang}
            label={t(`language.${lang}`)}
            value={texts[lang]}
            onChange={(event) => setTexts({ ...texts, [lang]: event.currentTarget.value })}
          />
        ))}
        {failure && <ProblemLine failure={failure} />}
        <Button type="submit" loading={put.isPending}>
          {t("admin.save")}
        </Button>
      </form>
      {reply && (
        <div className={page["buttons"]}>
          <Button variant="default" loading={remove.isPending} onClick={() => remove.mutate()}>
            {t("admin.remove")}
          </Button>
        </div>
      )}
    </Panel>
  );
}
