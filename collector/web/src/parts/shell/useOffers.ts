//! Checks and actions of the device that the screen is about.

import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { actionsQuery, checksQuery } from "../../api/devices";
import { useOffered } from "../offers";
import type { Entry } from "./entries";

/** As many of each. */
const MOST = 5;

export function useOffers(words: string): Entry[] {
  const { t } = useTranslation();
  const offer = useOffered();
  const enabled = offer !== undefined && words.length > 1;
  const actions = useQuery({ ...actionsQuery(offer?.device ?? ""), enabled });
  const checks = useQuery({ ...checksQuery(offer?.device ?? ""), enabled });
  if (!enabled) return [];
  const wanted = words.toLowerCase();
  const fits = ({ id, title }: { id: string; title: string }) => `${id} ${title}`.toLowerCase().includes(wanted);
  const beside = (what: string) => t("palette.on", { what, device: offer.hostname });
  return [
    ...(actions.data?.items ?? []).filter(fits).slice(0, MOST).map((action): Entry => ({
      key: `a${action.id}`,
      icon: "action",
      title: action.title,
      beside: beside(action.id),
      run: () => offer.act(action.id),
    })),
    ...(checks.data?.items ?? []).filter(fits).slice(0, MOST).map((check): Entry => ({
      key: `c${check.id}`,
      icon: "check",
      title: check.title,
      beside: beside(check.id),
      run: () => offer.check(check.id),
    })),
  ];
}
