//! Code that is loaded when it is first shown, tried again when it did not come, and fetched ahead once there is time.

import { createElement, use, type FunctionComponent } from "react";
import { answers } from "../api/recover";

/** The code of a screen did not come. */
export class NotLoaded extends Error {
  /** The collector answers all the same: it has other code by now. */
  readonly isGone: boolean;

  constructor(isGone: boolean) {
    super("the code of a screen did not come");
    this.isGone = isGone;
  }
}

/** As the router and `Suspense` take it. */
export type Late<P> = FunctionComponent<P> & { preload: () => Promise<void> };

interface Entry {
  fetchAhead: () => Promise<unknown>;
  again: () => Promise<void>;
  hasFailed: () => boolean;
}

const entries: Entry[] = [];
let isAhead = false;

/** One whose code does not come throws {@link NotLoaded} when it is shown, until {@link tryAgain}. */
export function late<P extends object, N extends string>(importer: () => Promise<Record<N, FunctionComponent<P>>>, name: N): Late<P> {
  let loading: Promise<FunctionComponent<P>> | undefined;
  let hasFailed = false;
  const load = () => {
    loading ??= reached(importer).then((part) => part[name]);
    loading.catch(() => (hasFailed = true));
    return loading;
  };
  const again = async () => {
    if (hasFailed) [loading, hasFailed] = [undefined, false];
    await load().catch(() => undefined);
  };
  // Its failure is nobody's: who shows it tries for themselves.
  entries.push({ fetchAhead: importer, again, hasFailed: () => hasFailed });
  const Shown = (props: P) => createElement(use(load()), props);
  return Object.assign(Shown, { preload: again });
}

async function reached<M>(importer: () => Promise<M>): Promise<M> {
  try {
    return await importer();
  } catch {
    if (!(await answers())) throw new NotLoaded(false);
    // It was a moment without network, or the code is gone.
    return importer().catch(() => {
      throw new NotLoaded(true);
    });
  }
}

/** Loads what did not come before. */
export async function tryAgain(): Promise<void> {
  await Promise.all(entries.filter((entry) => entry.hasFailed()).map((entry) => entry.again()));
}

/** Fetches all screens one after the other, so that they open without the collector too. Once. */
export async function fetchAhead(): Promise<void> {
  if (isAhead) return;
  isAhead = true;
  // What is loaded brings more to the end of the list.
  for (const entry of entries) await entry.fetchAhead().catch(() => undefined);
}

function dropSheet({ target }: Event): void {
  if (target instanceof HTMLLinkElement && target.rel === "stylesheet") target.remove();
}

/** A style sheet that did not come is taken off: Vite takes one that is there for loaded. */
export function dropFailedSheets(): void {
  document.addEventListener("error", dropSheet, { capture: true });
}
