import { Button, Checkbox } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../../parts/Icon";
import style from "./Door.module.css";

interface Props {
  codes: string[];
  done: () => void;
}

/** Shown this once: one goes on when one says that they are kept. */
export function RecoveryCodes({ codes, done }: Props) {
  const { t } = useTranslation();
  const [isKept, setKept] = useState(false);
  const clipboard = useClipboard();
  return (
    <div className={style["form"]}>
      <p className={style["text"]}>{t("signIn.codesText")}</p>
      <ul className={style["codes"]}>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <Button variant="default" leftSection={<Icon name={clipboard.copied ? "done" : "copy"} />} onClick={() => clipboard.copy(codes.join("\n"))}>
        {clipboard.copied ? t("common.copied") : t("common.copy")}
      </Button>
      <Checkbox label={t("signIn.codesKept")} checked={isKept} onChange={(event) => setKept(event.currentTarget.checked)} />
      <Button size="sm" disabled={!isKept} onClick={done}>
        {t("signIn.goOn")}
      </Button>
    </div>
  );
}
