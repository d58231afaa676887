//! How long to wait before one tries again.

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/** Before the n-th attempt in a row, milliseconds; `spread` is 0 to 1: those who lost something at once do not come back at once. */
export function wait(attempt: number, spread: number): number {
  const most = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
  return Math.round(most * (0.5 + spread / 2));
}

/** Ends early when it is called off. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", () => (clearTimeout(timer), done()), { once: true });
  });
}
