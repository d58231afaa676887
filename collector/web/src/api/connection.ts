//! Whether the collector can be reached, as calls and event streams find it.

/** `lostSince`: milliseconds since 1970; none: it is well. */
export interface Connection {
  lostSince: number | undefined;
}

const WELL: Connection = { lostSince: undefined };

class Watch {
  private readonly lostBy = new Set<string>();
  private readonly listeners = new Set<() => void>();
  private now: Connection = WELL;

  lost(by: string): void {
    this.lostBy.add(by);
    this.settle();
  }

  found(by: string): void {
    this.lostBy.delete(by);
    this.settle();
  }

  readonly read = (): Connection => this.now;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private settle(): void {
    const isLost = this.lostBy.size > 0;
    if (isLost === (this.now.lostSince !== undefined)) return;
    this.now = isLost ? { lostSince: Date.now() } : WELL;
    for (const listener of this.listeners) listener();
  }
}

export const connection = new Watch();
