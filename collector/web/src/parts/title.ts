//! What the browser's tab says: how much wants to be looked at, and where one is.

import { useEffect } from "react";

let place = "";
let count = 0;

function write(): void {
  document.title = `${count > 0 ? `(${count}) ` : ""}${place} · Sonde`;
}

export function useTitle(title: string): void {
  useEffect(() => {
    place = title;
    write();
  }, [title]);
}

export function setCount(next: number): void {
  count = next;
  write();
}
