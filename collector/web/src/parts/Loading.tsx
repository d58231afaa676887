import { Skeleton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import style from "./Loading.module.css";

/** Grey lines in the place of what is being read. */
export function Loading({ lines = 3, height = 14 }: { lines?: number; height?: number }) {
  const { t } = useTranslation();
  return (
    <div role="status" className={style["lines"]}>
      <span className="visually-hidden">{t("common.loading")}</span>
      {Array.from({ length: lines }, (_, at) => (
        <Skeleton key={at} height={height} width={`${90 - ((at * 23) % 45)}%`} radius="sm" />
      ))}
    </div>
  );
}
