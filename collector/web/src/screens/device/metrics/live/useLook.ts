import { useCallback, useEffect, useReducer } from "react";
import { order } from "../../../../api/jobs";
import { watch } from "../../../../api/watch";
import { IDLE, SILENT_MS, step, type Look } from "./look";

export interface Looking {
  look: Look;
  begin: () => void;
  stop: () => void;
}

/** Looks at a device's live metrics for a ticket, from the moment that somebody wants to until they leave. */
export function useLook(device: string, ticket: number, failed: (failure: unknown) => void): Looking {
  const [look, told] = useReducer(step, IDLE);
  const { job, samples } = look;
  useEffect(() => (job === undefined ? undefined : watch(job, told)), [job]);
  useEffect(() => {
    const timer = setTimeout(() => told({ kind: "silent" }), SILENT_MS);
    return () => clearTimeout(timer);
  }, [samples]);
  const begin = useCallback(() => {
    told({ kind: "asked" });
    order.live(ticket, device).then(
      ({ id }) => told({ kind: "ordered", job: id }),
      (failure: unknown) => {
        told({ kind: "refused" });
        failed(failure);
      },
    );
  }, [device, ticket, failed]);
  const stop = useCallback(() => {
    told({ kind: "stopped" });
    // Who leaves without a word is missed by the collector.
    if (job !== undefined) order.cancel(job).catch(() => undefined);
  }, [job]);
  return { look, begin, stop };
}
