import type { Wanted } from "../action/wanted";
import { Answered } from "./Answered";
import type { Arranged } from "./arrange";
import { Attached } from "./Attached";
import { Line } from "./Line";
import { Spoken } from "./Spoken";
import { Work } from "./Work";

interface Props {
  entry: Arranged;
  ticket: number;
  requester: string | undefined;
  want: (wanted: Wanted) => void;
}

/** One event: what was said and what was done have a form of their own, all else is a line. */
export function Entry({ entry: { event, end }, ticket, requester, want }: Props) {
  if (event.kind === "noted" || event.kind === "messaged") return <Spoken event={event} requester={requester} />;
  if (event.kind === "attached") return <Attached event={event} ticket={ticket} requester={requester} />;
  if (event.kind === "work_asked" || event.kind === "work_ended") return <Work event={event} end={end} want={want} />;
  if (event.kind === "consent_answered") return <Answered event={event} ticket={ticket} want={want} />;
  return <Line event={event} />;
}
