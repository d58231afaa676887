//! Whether somebody looks at the page. A browser gives all tabs together few connections to one server, so those that nobody
//! looks at keep none open.

/** How long a page is hidden before it lets go, milliseconds. */
const PATIENCE_MS = 10_000;

/** Until the page is looked at, or until it is called off. */
export function shown(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (!document.hidden || signal.aborted) return done();
    const look = () => {
      if (document.hidden && !signal.aborted) return;
      document.removeEventListener("visibilitychange", look);
      signal.removeEventListener("abort", look);
      done();
    };
    document.addEventListener("visibilitychange", look);
    signal.addEventListener("abort", look);
  });
}

/** Aborted once nobody has looked at the page for a while; the second calls it off. */
export function unseen(): [AbortSignal, () => void] {
  const left = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(() => left.abort(), PATIENCE_MS);
  };
  document.addEventListener("visibilitychange", look);
  look();
  const off = () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", look);
  };
  return [left.signal, off];
}
