import { useTranslation } from "react-i18next";
import { attachmentAddress } from "../../../api/attachments";
import type { EventOf } from "../../../api/timeline";
import { bytes } from "../../../locales/format";
import { Icon } from "../../../parts/Icon";
import { TimeAgo } from "../../../parts/TimeAgo";
import { Actor } from "./Actor";
import { Picture } from "./Picture";
import style from "./Timeline.module.css";

interface Props {
  event: EventOf<"attached">;
  ticket: number;
  requester: string | undefined;
}

/** A file that was put onto the ticket: a picture is shown, everything else can be kept. */
export function Attached({ event, ticket, requester }: Props) {
  const { t } = useTranslation();
  const { attachment, name, media_type, n_bytes, side } = event;
  const whose = side === "requester" && requester ? <strong className={style["actor"]}>{requester}</strong> : <Actor event={event} />;
  return (
    <li className={style["line"]}>
      <span className={style["dot"]}>
        <Icon name="attach" size={14} />
      </span>
      <div className={style["lineText"]}>
        {whose} {t(side === "technician" ? "event.attachedFor" : side === "requester" ? "event.attachedBy" : "event.attached")}{" "}
        <a href={attachmentAddress(ticket, attachment)} download={name} className={style["file"]}>
          <Icon name="download" size={14} /> {name}
        </a>{" "}
        <span className={style["kind"]}>{bytes(n_bytes)}</span> <TimeAgo at={event.at} />
        {media_type.startsWith("image/") && <Picture ticket={ticket} attachment={attachment} name={name} />}
      </div>
    </li>
  );
}
