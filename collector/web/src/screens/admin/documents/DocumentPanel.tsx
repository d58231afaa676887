import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type ComponentType } from "react";
import { useTranslation } from "react-i18next";
import { bodyOf, documents, type DocumentNoun, type Kept } from "../../../api/documents";
import page from "../../../parts/page/Page.module.css";
import { Panel } from "../../../parts/Panel";
import { ProblemLine } from "../../../parts/ProblemLine";

export interface FormProps<Body> {
  body: Body;
  set: (part: Partial<Body>) => void;
  /** Under which it is kept; none: it is a new one. */
  name: string | undefined;
}

interface Props<Body> {
  noun: Exclude<DocumentNoun, "replies">;
  /** None: it is a new one. */
  kept: Kept | undefined;
  template: Body;
  Form: ComponentType<FormProps<Body>>;
  close: () => void;
}

/** One document in fields; what this console does not know of it stays as it is. */
export function DocumentPanel<Body extends object>({ noun, kept, template, Form, close }: Props<Body>) {
  const { t } = useTranslation();
  const [name, setName] = useState(kept?.name ?? "");
  const [body, setBody] = useState<Body>(() => (kept ? (bodyOf(kept) as Body) : template));
  const put = useMutation({ mutationFn: () => documents.put(noun, name.trim(), body), onSuccess: close });
  const remove = useMutation({ mutationFn: () => documents.remove(noun, name), onSuccess: close });
  const failure = put.error ?? remove.error;
  // What was wrong with it as it was is not said of it as it is.
  const change = (part: Partial<Body>) => {
    put.reset();
    remove.reset();
    setBody({ ...body, ...part });
  };
  return (
    <Panel title={kept?.name ?? t(`documents.${noun}.add`)} close={close} size="42rem">
      <form
        className={page["stack"]}
        onSubmit={(event) => {
          event.preventDefault();
          put.mutate();
        }}
      >
        {!kept && <TextInput data-autofocus required maxLength={64} label={t("documents.name")} value={name} onChange={(event) => setName(event.currentTarget.value)} />}
        <Form body={body} set={change} name={kept?.name} />
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
