import { CloseButton } from "@mantine/core";
import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "./Icon";
import { dismiss, read, subscribe } from "./toasts";
import style from "./Toasts.module.css";

export function Toasts() {
  const { t } = useTranslation();
  const toasts = useSyncExternalStore(subscribe, read);
  return (
    <div className={style["stack"]} role="status" aria-live="polite">
      {toasts.map((toast) => (
        <div key={toast.key} className={style["toast"]} data-failure={toast.isFailure || undefined}>
          <Icon name={toast.isFailure ? "warning" : "done"} />
          <span className={style["text"]}>{toast.text}</span>
          <CloseButton size="sm" aria-label={t("common.dismiss")} onClick={() => dismiss(toast.key)} />
        </div>
      ))}
    </div>
  );
}
