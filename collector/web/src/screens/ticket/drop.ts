//! Files that are dropped onto a part of the page.

import { useCallback, useEffect, useRef, useState } from "react";

interface Drop {
  ref: (place: HTMLElement | null) => (() => void) | undefined;
  /** Files are held over it. */
  isOver: boolean;
}

export function useDrop(take: (files: readonly File[]) => void): Drop {
  const [isOver, setOver] = useState(false);
  const taker = useRef(take);
  useEffect(() => {
    taker.current = take;
  });
  const ref = useCallback((place: HTMLElement | null) => {
    if (!place) return undefined;
    const off = new AbortController();
    const { signal } = off;
    const over = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      setOver(true);
    };
    const drop = (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      taker.current([...(event.dataTransfer?.files ?? [])]);
    };
    place.addEventListener("dragover", over, { signal });
    place.addEventListener("dragleave", () => setOver(false), { signal });
    place.addEventListener("drop", drop, { signal });
    return () => off.abort();
  }, []);
  return { ref, isOver };
}
