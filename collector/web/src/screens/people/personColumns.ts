import type { TFunction } from "i18next";
import type { Person } from "../../api/people";
import type { Column } from "../../parts/table/columns";

export function personColumns(t: TFunction): Column<Person>[] {
  return [
    { name: "name", title: t("people.name"), width: 28, text: ({ name }) => name },
    { name: "phone", title: t("person.phone"), width: 22, text: ({ phones }) => phones.join(", ") },
    { name: "mail", title: t("person.mail"), width: 34, text: ({ mails }) => mails.join(", ") },
    { name: "group", title: t("people.group"), width: 16, text: ({ group }) => group ?? "" },
    { name: "site", title: t("tokens.site"), width: 16, text: ({ site }) => site },
    { name: "language", title: t("people.language"), width: 12, text: ({ language }) => (language ? t(`language.${language}`) : "") },
  ];
}
