import { Button, Textarea } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { Icon } from "./Icon";
import style from "./Secret.module.css";

interface Props {
  label: string;
  text: string;
  help?: string;
}

/** Something to be copied: a secret that is shown this once, or a line to type. */
export function Secret({ label, text, help }: Props) {
  const { t } = useTranslation();
  const clipboard = useClipboard();
  return (
    <div className={style["secret"]}>
      <Textarea readOnly autosize minRows={1} label={label} description={help} value={text} onFocus={(event) => event.currentTarget.select()} className={style["text"]} />
      <Button variant="default" leftSection={<Icon name={clipboard.copied ? "done" : "copy"} />} onClick={() => clipboard.copy(text)} aria-label={`${t("common.copy")}: ${label}`}>
        {t(clipboard.copied ? "common.copied" : "common.copy")}
      </Button>
    </div>
  );
}
