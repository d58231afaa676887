import { Menu, UnstyledButton, useMantineColorScheme, type MantineColorScheme } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { signOut, type Me } from "../../api/session";
import { choose, language, LANGUAGES } from "../../locales/i18n";
import { leave } from "../../router";
import { Icon } from "../Icon";
import { Initials } from "../Initials";
import { NotifyItem } from "./NotifyItem";
import style from "./Sidebar.module.css";

const SCHEMES = ["auto", "light", "dark"] as const satisfies MantineColorScheme[];

export function AccountMenu({ me }: { me: Me }) {
  const { t } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  return (
    <Menu position="top-start" width={210} withinPortal={false} floatingStrategy="fixed">
      <Menu.Target>
        <UnstyledButton className={style["item"]} title={t("shell.account")}>
          <Initials name={me.name} />
          <span className={style["label"]}>{me.name}</span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {me.name} · {t(`role.${me.role}`)}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Label>{t("shell.language")}</Menu.Label>
        <Menu.RadioGroup value={language()} onChange={(lang) => void choose(lang as (typeof LANGUAGES)[number])}>
          {LANGUAGES.map((lang) => (
            <Menu.RadioItem key={lang} value={lang} lang={lang}>
              {t(`language.${lang}`)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Label>{t("shell.scheme")}</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(scheme) => setColorScheme(scheme as MantineColorScheme)}>
          {SCHEMES.map((scheme) => (
            <Menu.RadioItem key={scheme} value={scheme}>
              {t(`scheme.${scheme}`)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <NotifyItem />
        <Menu.Item leftSection={<Icon name="signOut" />} onClick={() => void signOut().finally(leave)}>
          {t("shell.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
