//! Who reads at the end stays at the end when something is added; who has scrolled up is left there.

import { useCallback, useRef } from "react";

/** So near to the end is at it, pixels. */
const NEAR = 40;

interface Stick {
  ref: (pane: HTMLElement | null) => (() => void) | undefined;
  onScroll: (event: React.UIEvent<HTMLElement>) => void;
}

export function useStick(): Stick {
  const isAtEnd = useRef(true);
  const ref = useCallback((pane: HTMLElement | null) => {
    if (!pane) return undefined;
    const settle = () => {
      if (isAtEnd.current) pane.scrollTop = pane.scrollHeight;
    };
    const sizes = new ResizeObserver(settle);
    const contents = new MutationObserver(settle);
    sizes.observe(pane);
    contents.observe(pane, { childList: true, subtree: true });
    settle();
    return () => {
      sizes.disconnect();
      contents.disconnect();
    };
  }, []);
  const onScroll = ({ currentTarget: pane }: React.UIEvent<HTMLElement>) => {
    isAtEnd.current = pane.scrollHeight - pane.scrollTop - pane.clientHeight < NEAR;
  };
  return { ref, onScroll };
}
