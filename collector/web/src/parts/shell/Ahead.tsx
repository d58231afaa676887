import { useIsFetching } from "@tanstack/react-query";
import { useEffect } from "react";
import { fetchAhead } from "../late";

/** Where a browser does not say when it is idle, milliseconds. */
const AFTER_MS = 2_000;

/** Fetches the other screens once this one is read and the browser has nothing to do. */
export function Ahead() {
  const isReading = useIsFetching() > 0;
  useEffect(() => {
    if (isReading) return;
    const fetch = () => void fetchAhead();
    if (!("requestIdleCallback" in globalThis)) {
      const timer = setTimeout(fetch, AFTER_MS);
      return () => clearTimeout(timer);
    }
    const wish = requestIdleCallback(fetch);
    return () => cancelIdleCallback(wish);
  }, [isReading]);
  return null;
}
