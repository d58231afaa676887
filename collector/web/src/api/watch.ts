//! Live metrics of a device, as the collector shows them to who watches their job.

import { sleep, wait } from "./backoff";
import { endSession, headers } from "./client";
import { Reader, type Told } from "./sse";

export interface LiveValue {
  metric: string;
  /** "interface=eth0"; empty: of the machine as a whole. */
  labels: string;
  /** What only grows is by the second: "bytes/s". */
  unit: string;
  value: number;
}

/** What the device showed at a moment. */
export interface LiveSample {
  /** Milliseconds since 1970. */
  at: number;
  /** Samples that the device left out before this one. */
  missed: number;
  values: LiveValue[];
}

export type Heard =
  | { kind: "sample"; sample: LiveSample }
  /** So many did not get here in time. */
  | { kind: "missed"; samples: number }
  /** The device sends nothing now. */
  | { kind: "away" }
  /** The collector is not reached; it is tried again. */
  | { kind: "lost" }
  | { kind: "found" }
  /** The job is over, or is not known any more. */
  | { kind: "ended"; state: string };

/** The collector says at least a comment so often; a stream that is silent for longer is dead. */
const SILENT_MS = 20_000;

/** Watches a job until it ends or the answer is called. */
export function watch(job: string, hear: (heard: Heard) => void): () => void {
  const left = new AbortController();
  void follow(job, hear, left.signal);
  return () => left.abort();
}

async function follow(job: string, hear: (heard: Heard) => void, left: AbortSignal): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const ended = await listen(job, hear, left).catch(() => undefined);
    if (left.aborted) return;
    if (ended !== undefined) return hear({ kind: "ended", state: ended });
    hear({ kind: "lost" });
    await sleep(wait(attempt, Math.random()), left);
    if (left.aborted) return;
  }
}

/** How the job ended; none: the stream broke. */
async function listen(job: string, hear: (heard: Heard) => void, left: AbortSignal): Promise<string | undefined> {
  const silent = new AbortController();
  const url = `/api/v1/jobs/${job}/metrics`;
  const signal = AbortSignal.any([left, silent.signal]);
  const answer = await fetch(url, { headers: headers("GET", url), signal, credentials: "same-origin" });
  if (answer.status === 401) endSession();
  if (!answer.ok || !answer.body) return answer.status >= 500 ? undefined : "gone";
  hear({ kind: "found" });
  const reader = new Reader();
  const text = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  const wake = () => setTimeout(() => silent.abort(), SILENT_MS);
  let timer = wake();
  try {
    for (;;) {
      const { done, value } = await text.read();
      if (done) return undefined;
      clearTimeout(timer);
      timer = wake();
      for (const told of reader.take(value)) {
        const heard = read(told);
        if (heard?.kind === "ended") return heard.state;
        if (heard) hear(heard);
      }
    }
  } finally {
    clearTimeout(timer);
  }
}

/** What an event of the stream says; none: nothing that matters here. */
export function read(told: Told): Heard | undefined {
  const data = JSON.parse(told.data) as Record<string, unknown>;
  if (told.event === "sample") {
    const sample = { at: Date.parse(String(data["at"])), missed: Number(data["missed"]), values: data["values"] as LiveValue[] };
    return { kind: "sample", sample };
  }
  if (told.event === "missed") return { kind: "missed", samples: Number(data["samples"]) };
  if (told.event === "away") return { kind: "away" };
  if (told.event === "job" && data["ended"] === true) return { kind: "ended", state: String(data["state"]) };
  return undefined;
}
