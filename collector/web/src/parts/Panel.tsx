import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import page from "./page/Page.module.css";

interface Props {
  title: string;
  close: () => void;
  size?: string;
  children: ReactNode;
}

/** Beside the page: one thing, to be looked at or changed. */
export function Panel({ title, close, size = "34rem", children }: Props) {
  const { t } = useTranslation();
  return (
    <Drawer opened onClose={close} size={size} title={title} closeButtonProps={{ "aria-label": t("common.close") }}>
      <div className={page["stack"]}>{children}</div>
    </Drawer>
  );
}
