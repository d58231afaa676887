import { ago, moment } from "../locales/format";
import { useNow } from "./now";
import style from "./TimeAgo.module.css";

/** How long ago; the moment itself for who hovers. */
export function TimeAgo({ at }: { at: string }) {
  const now = useNow();
  return (
    <time className={style["ago"]} dateTime={at} title={moment(at)}>
      {ago(at, now)}
    </time>
  );
}
