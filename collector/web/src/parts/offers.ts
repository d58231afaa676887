//! The device that the screen is about, to which checks and actions can be put from anywhere.

import { useEffect, useSyncExternalStore } from "react";

export interface Offer {
  device: string;
  hostname: string;
  check: (id: string) => void;
  act: (id: string) => void;
}

let offered: Offer | undefined;
const listeners = new Set<() => void>();

function set(next: Offer | undefined): void {
  offered = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Holds for as long as the component is shown. */
export function useOffer(offer: Offer | undefined): void {
  useEffect(() => {
    set(offer);
    return () => set(undefined);
  }, [offer]);
}

export function useOffered(): Offer | undefined {
  return useSyncExternalStore(subscribe, () => offered);
}
