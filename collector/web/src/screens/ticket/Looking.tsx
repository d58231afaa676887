import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { lookingKey } from "../../api/tickets";
import { Icon } from "../../parts/Icon";
import style from "./Ticket.module.css";

/** Who else has the ticket open. */
export function Looking({ number, me }: { number: number; me: string }) {
  const { t } = useTranslation();
  const { data = [] } = useQuery({ queryKey: lookingKey(number), queryFn: (): string[] => [], enabled: false });
  const others = data.filter((name) => name !== me);
  return (
    <span role="status">
      {others.length > 0 && (
        <span className={style["looking"]}>
          <Icon name="watch" size={14} /> {t("ticket.looking", { names: others.join(", ") })}
        </span>
      )}
    </span>
  );
}
