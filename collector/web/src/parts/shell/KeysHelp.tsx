import { Kbd, Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useRegisteredKeys } from "../keys";
import style from "./KeysHelp.module.css";

/** The keys that do something on this screen. */
export function KeysHelp({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const groups = useRegisteredKeys();
  return (
    <Modal opened onClose={close} title={t("shell.keys")} size="sm" closeButtonProps={{ "aria-label": t("common.close") }}>
      {groups.toReversed().map((group) => (
        <section key={group.title} className={style["group"]}>
          <h3>{group.title}</h3>
          <dl>
            {group.bindings.map((binding) => (
              <div key={binding.key}>
                <dt>{binding.says}</dt>
                <dd>
                  {binding.key.split("+").map((key) => (
                    <Kbd key={key} size="xs">
                      {key === "mod" ? t("keys.control") : key}
                    </Kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Modal>
  );
}
