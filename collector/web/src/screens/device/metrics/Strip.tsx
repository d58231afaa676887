import { Tooltip } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { moment } from "../../../locales/format";
import { Icon } from "../../../parts/Icon";
import { bundled, type Bundle, type Happened } from "./happened";
import style from "./Metrics.module.css";

/** Of one mark that are named. */
const MOST_NAMED = 8;

interface Props {
  happened: readonly Happened[];
  /** Milliseconds since 1970. */
  window: { from: number; to: number };
}

/** What befell the machine and what was done on it, over the time that the charts show. */
export function Strip({ happened, window }: Props) {
  const { t } = useTranslation();
  return (
    <ol className={style["strip"]} aria-label={t("metrics.happened")}>
      {bundled(happened, window.from, window.to).map((bundle) => (
        <li key={bundle.place}>
          <MarkOf bundle={bundle} />
        </li>
      ))}
    </ol>
  );
}

function MarkOf({ bundle: { place, all } }: { bundle: Bundle }) {
  const { t } = useTranslation();
  const [first] = all;
  if (!first) return null;
  const named = all.slice(0, MOST_NAMED).map(({ at, says }) => `${moment(new Date(at).toISOString())}: ${says}`);
  const more = all.length > MOST_NAMED ? [t("changes.more", { count: all.length - MOST_NAMED })] : [];
  const says = [...named, ...more].join("\n");
  const tickets = new Set(all.map(({ ticket }) => ticket));
  const look = { className: style["moment"], "data-tone": first.tone, style: { left: `${place * 100}%` } };
  const picture = (
    <>
      <Icon name={first.icon} size={15} />
      {all.length > 1 && <span className={style["many"]} aria-hidden>{all.length}</span>}
    </>
  );
  return (
    <Tooltip label={<span className={style["says"]}>{says}</span>} openDelay={0} multiline>
      {tickets.size === 1 && first.ticket !== undefined ? (
        <Link to="/tickets/$number" params={{ number: first.ticket }} {...look}>
          <span className="visually-hidden">{says}</span>
          {picture}
        </Link>
      ) : (
        <span role="img" tabIndex={0} aria-label={says} {...look}>
          {picture}
        </span>
      )}
    </Tooltip>
  );
}
