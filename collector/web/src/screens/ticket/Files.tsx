import { CloseButton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { bytes } from "../../locales/format";
import { Icon } from "../../parts/Icon";
import style from "./Composer.module.css";

interface Props {
  files: readonly File[];
  remove: (file: File) => void;
}

/** What goes along with what is written. */
export function Files({ files, remove }: Props) {
  const { t } = useTranslation();
  if (files.length === 0) return null;
  return (
    <ul className={style["files"]} aria-label={t("composer.files")}>
      {files.map((file) => (
        <li key={`${file.name} ${file.lastModified} ${file.size}`} className={style["file"]}>
          <Icon name="file" size={14} />
          <span className={style["fileName"]}>{file.name}</span>
          <span className={style["to"]}>{bytes(file.size)}</span>
          <CloseButton size="xs" aria-label={t("composer.removeFile", { name: file.name })} onClick={() => remove(file)} />
        </li>
      ))}
    </ul>
  );
}
