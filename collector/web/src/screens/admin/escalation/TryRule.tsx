import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { tryRule, type HandsOn } from "../../../api/escalation";
import { Icon } from "../../../parts/Icon";
import page from "../../../parts/page/Page.module.css";
import { ProblemLine } from "../../../parts/ProblemLine";
import { TimeAgo } from "../../../parts/TimeAgo";
import type { Rule } from "./condition";

interface Tried {
  /** As it was then. */
  rule: string;
  items: HandsOn[];
  next: string | undefined;
}

/** Says which tickets a rule would hand on now, some at a time; nothing is done. */
export function TryRule({ rule }: { rule: Rule }) {
  const { t } = useTranslation();
  const [tried, setTried] = useState<Tried>();
  const written = JSON.stringify(rule);
  const known = tried?.rule === written ? tried : undefined;
  const go = useMutation({
    mutationFn: (_of: string) => tryRule(rule, known?.next),
    onSuccess: ({ items, next }, of) => setTried({ rule: of, items: [...(known?.items ?? []), ...items], next }),
  });
  return (
    <section className={page["card"]} aria-label={t("escalation.try")}>
      <div className={page["stack"]}>
        <p className={page["plain"]}>{t("escalation.tryText")}</p>
        <div className={page["buttons"]}>
          <Button variant="default" leftSection={<Icon name="run" />} disabled={known !== undefined && !known.next} loading={go.isPending} onClick={() => go.mutate(written)}>
            {t(known?.next ? "escalation.tryMore" : "escalation.try")}
          </Button>
        </div>
        {go.isError && go.variables === written && <ProblemLine failure={go.error} />}
        <div role="status">{known && <p className={page["plain"]}>{t(known.next ? "escalation.soFar" : "escalation.would", { count: known.items.length })}</p>}</div>
        <ul className={page["list"]}>
          {known?.items.map(({ ticket, title, reason, since }) => (
            <li key={ticket}>
              <div className={page["listRow"]}>
                <Link to="/tickets/$number" params={{ number: ticket }}>
                  <span className="num">{ticket}</span> {title}
                </Link>
              </div>
              <p className={page["plain"]}>
                <span lang="en">{reason}</span> <TimeAgo at={since} />
              </p>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
