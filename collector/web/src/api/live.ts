//! What changes, as the collector tells it. One stream for each thing that is looked at, shared by all who look.

import { sleep, wait } from "./backoff";
import { endSession, headers } from "./client";
import { connection } from "./connection";
import { shown, unseen } from "./presence";
import { Reader, type Told } from "./sse";

/** A resource that has a stream: "tickets" and "devices" for all, "tickets/12", "devices/ID". */
export type Topic = "tickets" | "devices" | `tickets/${number}` | `devices/${string}`;
type Listener = (told: Told) => void;

/** The collector says at least a comment so often; a stream that is silent for longer is dead. */
const SILENT_MS = 40_000;

class Stream {
  readonly listeners = new Set<Listener>();
  private readonly topic: Topic;
  private readonly ended = new AbortController();
  private lastId: string | undefined;

  constructor(topic: Topic) {
    this.topic = topic;
    void this.run();
  }

  end(): void {
    this.ended.abort();
    connection.found(this.topic);
  }

  private async run(): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      if (!this.stays()) await shown(this.ended.signal);
      const [left, off] = this.stays() ? [this.ended.signal, () => undefined] : unseen();
      const began = Date.now();
      const heard = await this.listen(left).catch(() => "lost" as const);
      off();
      if (heard === "gone" || this.ended.signal.aborted) return;
      if (Date.now() - began > SILENT_MS) attempt = 0;
      if (left.aborted) continue;
      if (heard === "lost") connection.lost(this.topic);
      await sleep(wait(attempt, Math.random()), this.ended.signal);
    }
  }

  /** Who is to be told of news is told where nobody looks. */
  private stays(): boolean {
    return this.topic === "tickets" && globalThis.Notification?.permission === "granted";
  }

  /** "gone": it is not to be asked again. "ended": the collector has ended it. */
  private async listen(left: AbortSignal): Promise<"gone" | "ended" | "lost"> {
    const silent = new AbortController();
    const signal = AbortSignal.any([this.ended.signal, left, silent.signal]);
    const url = `/api/v1/${this.topic}/live`;
    const asked = { ...headers("GET", url), ...(this.lastId !== undefined && { "Last-Event-ID": this.lastId }) };
    const answer = await fetch(url, { headers: asked, signal, credentials: "same-origin" });
    if (answer.status === 401) endSession();
    if (!answer.ok || !answer.body) return answer.status >= 500 ? "lost" : "gone";
    connection.found(this.topic);
    const reader = new Reader();
    const text = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    const wake = () => setTimeout(() => silent.abort(), SILENT_MS);
    let timer = wake();
    try {
      for (;;) {
        const { done, value } = await text.read();
        if (done) return "ended";
        clearTimeout(timer);
        timer = wake();
        for (const told of reader.take(value)) this.tell(told);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  private tell(told: Told): void {
    this.lastId = told.id ?? this.lastId;
    for (const listener of this.listeners) listener(told);
  }
}

const streams = new Map<Topic, Stream>();

/** Hears what is told of a thing until the answer is called. */
export function hear(topic: Topic, listener: Listener): () => void {
  const stream = streams.get(topic) ?? new Stream(topic);
  streams.set(topic, stream);
  stream.listeners.add(listener);
  return () => {
    stream.listeners.delete(listener);
    if (stream.listeners.size > 0) return;
    stream.end();
    streams.delete(topic);
  };
}
