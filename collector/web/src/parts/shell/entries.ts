//! What the palette offers for the words that are typed.

import { useMantineColorScheme } from "@mantine/core";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { foundAssetsQuery } from "../../api/assets";
import { personsQuery } from "../../api/callers";
import { devicesQuery } from "../../api/devices";
import { meQuery } from "../../api/session";
import { foundQuery } from "../../api/tickets";
import { viewsQuery } from "../../api/views";
import { sectionsFor } from "../../screens/admin/sections";
import { choose, language } from "../../locales/i18n";
import type { Picture } from "../icons";
import { useOffers } from "./useOffers";

export interface Entry {
  key: string;
  icon: Picture;
  title: string;
  beside: string;
  run: () => void;
}

/** `words` as they stand, and those that were last looked for. */
export function useEntries(words: string, looked: string): { entries: Entry[]; isLooking: boolean } {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const commands = useCommands();
  const enabled = looked.length > 1;
  const offers = useOffers(words);
  const tickets = useQuery({ ...foundQuery(looked), enabled });
  const devices = useQuery({ ...devicesQuery(looked), enabled });
  const assets = useQuery({ ...foundAssetsQuery(looked), enabled });
  const persons = useQuery({ ...personsQuery(looked), enabled });
  const open = (number: number) => void navigate({ to: "/tickets/$number", params: { number } });
  const number = /^#?(\d{1,15})$/.exec(words)?.[1];
  const entries: Entry[] = [];
  if (number) {
    const run = () => open(Number(number));
    entries.push({ key: "number", icon: "queue", title: t("palette.ticket", { number }), beside: "", run });
  }
  entries.push(...commands.filter(({ title }) => title.toLowerCase().includes(words.toLowerCase())));
  entries.push(...offers);
  if (enabled) {
    for (const ticket of tickets.data?.items ?? []) {
      const run = () => open(ticket.number);
      entries.push({ key: `t${ticket.number}`, icon: "queue", title: `${ticket.number} ${ticket.title}`, beside: t(`state.${ticket.state}`), run });
    }
    for (const device of devices.data?.items ?? []) {
      const run = () => void navigate({ to: "/devices/$id", params: { id: device.id } });
      entries.push({ key: `d${device.id}`, icon: "device", title: device.hostname, beside: t("palette.device"), run });
    }
    for (const asset of assets.data?.items ?? []) {
      const run = () => void navigate({ to: "/assets", search: { asset: asset.id } });
      entries.push({ key: `s${asset.id}`, icon: "asset", title: [asset.name, asset.place].filter(Boolean).join(" · "), beside: t(`assets.kinds.${asset.kind}`), run });
    }
    for (const person of persons.data?.items ?? []) {
      const run = () => void navigate({ to: "/people/$id", params: { id: person.id } });
      entries.push({ key: `p${person.id}`, icon: "person", title: person.name, beside: t("palette.person"), run });
    }
  }
  return { entries, isLooking: enabled && (tickets.isFetching || devices.isFetching || assets.isFetching || persons.isFetching) };
}

function useCommands(): Entry[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { setColorScheme, colorScheme } = useMantineColorScheme({ keepTransitions: true });
  const { data: views = [] } = useQuery(viewsQuery);
  const { data: me } = useSuspenseQuery(meQuery);
  const beside = t("palette.command");
  const other = language() === "en" ? "fr" : "en";
  const scheme = colorScheme === "dark" ? "light" : "dark";
  return [
    { key: "queue", icon: "queue", title: t("keys.queue"), beside, run: () => void navigate({ to: "/" }) },
    ...views.map(({ name }): Entry => ({ key: `v${name}`, icon: "view", title: name, beside: t("palette.view"), run: () => void navigate({ to: "/", search: { view: name } }) })),
    { key: "devices", icon: "device", title: t("devices.title"), beside: t("palette.screen"), run: () => void navigate({ to: "/devices" }) },
    ...(me.role === "admin"
      ? [{ key: "newDevice", icon: "add", title: t("devices.add"), beside: t("palette.screen"), run: () => void navigate({ to: "/devices/new" }) } as const]
      : []),
    { key: "assets", icon: "asset", title: t("assets.title"), beside: t("palette.screen"), run: () => void navigate({ to: "/assets" }) },
    { key: "people", icon: "person", title: t("people.title"), beside: t("palette.screen"), run: () => void navigate({ to: "/people" }) },
    ...sectionsFor(me.role).map(({ name, to, icon }) => ({ key: to, icon, title: t(`admin.${name}`), beside: t("admin.title"), run: () => void navigate({ to }) })),
    { key: "call", icon: "phone", title: t("keys.call"), beside, run: () => void navigate({ to: "/call" }) },
    { key: "language", icon: "language", title: t(`palette.language.${other}`), beside, run: () => void choose(other) },
    { key: "scheme", icon: scheme, title: t(`palette.scheme.${scheme}`), beside, run: () => setColorScheme(scheme) },
  ];
}
