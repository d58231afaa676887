//! Short words on what was just done, or could not be.

export interface Toast {
  key: number;
  text: string;
  isFailure: boolean;
}

const SHOWN_MS = 6_000;
const MOST = 4;

let toasts: readonly Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();

function set(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

export function dismiss(key: number): void {
  set(toasts.filter((toast) => toast.key !== key));
}

export function say(text: string, isFailure = false): void {
  const key = ++last;
  set([...toasts, { key, text, isFailure }].slice(-MOST));
  setTimeout(() => dismiss(key), SHOWN_MS);
}

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const read = (): readonly Toast[] => toasts;
