//! The keyboard. What can be pressed is registered with what it does; the help lists exactly that.

import { useEffect, useRef, useSyncExternalStore } from "react";

export interface Binding {
  /** "j", "Enter", "?", "mod+k": control, or command on a Mac. */
  key: string;
  /** What it does, in the reader's language. */
  says: string;
  run: () => void;
}

/** Those of the same screen or part. */
interface Group {
  title: string;
  bindings: readonly Binding[];
}

const groups = new Map<symbol, Group>();
const listeners = new Set<() => void>();
let shown: readonly Group[] = [];

function changed(): void {
  shown = [...groups.values()];
  for (const listener of listeners) listener();
}

/** What was registered last is asked first. */
export function find(all: readonly Group[], pressed: string): Binding | undefined {
  return all.toReversed().flatMap((group) => group.bindings).find((binding) => binding.key === pressed);
}

export function named(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.altKey) return `alt+${key}`;
  return event.ctrlKey || event.metaKey ? `mod+${key}` : key;
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}

/** Inside what lies over the page, and on what has a meaning of its own for the key, the page's keys rest. */
function isTaken(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey) return false;
  if (isTyping(event.target) || document.querySelector("[role=dialog], [role=menu]")) return true;
  const isPressed = event.key === "Enter" || event.key === " ";
  return isPressed && event.target instanceof HTMLElement && event.target.closest("button, a, summary") !== null;
}

function press(event: KeyboardEvent): void {
  if (event.isComposing || isTaken(event)) return;
  const binding = find(shown, named(event));
  if (!binding) return;
  event.preventDefault();
  binding.run();
}

export function useKeys(title: string, bindings: readonly Binding[]): void {
  const group = useRef(Symbol(title));
  useEffect(() => {
    groups.set(group.current, { title, bindings });
    changed();
  });
  useEffect(() => {
    const own = group.current;
    return () => {
      groups.delete(own);
      changed();
    };
  }, []);
}

/** Before anything else: a key that closes what lies over the page means nothing to the page. */
export function listen(): void {
  window.addEventListener("keydown", press, { capture: true });
}

export function useRegisteredKeys(): readonly Group[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );
}
