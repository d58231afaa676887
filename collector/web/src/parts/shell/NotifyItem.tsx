import { Menu } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../Icon";

/** Asks the browser whether it may say what is new while another window is looked at. */
export function NotifyItem() {
  const { t } = useTranslation();
  const [permission, setPermission] = useState(globalThis.Notification?.permission);
  if (permission === undefined) return null;
  return (
    <Menu.Item
      leftSection={<Icon name={permission === "granted" ? "done" : "watch"} />}
      disabled={permission !== "default"}
      closeMenuOnClick={false}
      onClick={() => void Notification.requestPermission().then(setPermission)}
    >
      {t(`attention.permission.${permission}`)}
    </Menu.Item>
  );
}
