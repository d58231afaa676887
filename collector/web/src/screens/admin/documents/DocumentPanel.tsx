import { Button, Textarea, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { bodyOf, documents, type Kept } from "../../../api/documents";
import { Problem } from "../../../api/problem";
import page from "../../../parts/page/Page.module.css";
import { Panel } from "../../../parts/Panel";
import { ProblemLine } from "../../../parts/ProblemLine";
import style from "../Admin.module.css";
import { lineOfField, parse } from "./written";

interface Props {
  noun: "policies";
  /** None: it is a new one. */
  kept: Kept | undefined;
  template: object;
  close: () => void;
}

/** One document as JSON; what is wrong with it is said at its line. */
export function DocumentPanel({ noun, kept, template, close }: Props) {
  const { t } = useTranslation();
  const [name, setName] = useState(kept?.name ?? "");
  const [text, setText] = useState(() => JSON.stringify(kept ? bodyOf(kept) : template, null, 2));
  const [wrong, setWrong] = useState<string>();
  const box = useRef<HTMLTextAreaElement>(null);
  const put = useMutation({
    mutationFn: (body: object) => documents.put(noun, name.trim(), body),
    onSuccess: close,
    onError: (failure) => {
      const line = failure instanceof Problem && failure.field ? lineOfField(text, failure.field) : undefined;
      if (!line) return;
      setWrong(t("documents.atLine", { line }));
      goTo(box.current, line);
    },
  });
  const remove = useMutation({ mutationFn: () => documents.remove(noun, name), onSuccess: close });
  const failure = put.error ?? remove.error;
  return (
    <Panel title={kept?.name ?? t(`documents.${noun}.add`)} close={close} size="46rem">
      <form
        className={page["stack"]}
        onSubmit={(event) => {
          event.preventDefault();
          setWrong(undefined);
          const read = parse(text);
          if ("body" in read) return put.mutate(read.body);
          setWrong(read.line ? t("documents.notJsonAt", { line: read.line }) : t("documents.notJson"));
          if (read.line) goTo(box.current, read.line);
        }}
      >
        {!kept && <TextInput data-autofocus required maxLength={64} label={t("documents.name")} value={name} onChange={(event) => setName(event.currentTarget.value)} />}
        <Textarea
          ref={box}
          autosize
          minRows={12}
          maxRows={32}
          spellCheck={false}
          className={style["json"]}
          label={t("documents.json")}
          description={t(`documents.${noun}.help`)}
          error={wrong}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setWrong(undefined);
          }}
        />
        {failure && <ProblemLine failure={failure} />}
        <Button type="submit" loading={put.isPending}>
          {t("admin.save")}
        </Button>
      </form>
      {kept && (
        <div className={page["buttons"]}>
          <Button variant="default" loading={remove.isPending} onClick={() => remove.mutate()}>
            {t("admin.remove")}
          </Button>
        </div>
      )}
    </Panel>
  );
}

/** Puts the cursor over a line, so that it is seen. */
function goTo(box: HTMLTextAreaElement | null, line: number): void {
  if (!box) return;
  const lines = box.value.split("\n");
  const from = lines.slice(0, line - 1).reduce((n, one) => n + one.length + 1, 0);
  box.focus();
  box.setSelectionRange(from, from + (lines[line - 1]?.length ?? 0));
}
