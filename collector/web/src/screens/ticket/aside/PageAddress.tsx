import { Button, TextInput } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { makePage } from "../../../api/tickets";
import { moment } from "../../../locales/format";
import { Icon } from "../../../parts/Icon";
import { ProblemLine } from "../../../parts/ProblemLine";
import style from "./Aside.module.css";

/** Makes the address under which the requester reads and answers. */
export function PageAddress({ number }: { number: number }) {
  const { t } = useTranslation();
  const clipboard = useClipboard();
  const make = useMutation({ mutationFn: () => makePage(number) });
  const { url, expires_at } = make.data ?? {};
  return (
    <div className={style["buttons"]}>
      {make.isError && <ProblemLine failure={make.error} />}
      {url && expires_at ? (
        <div className={style["page"]}>
          <TextInput size="xs" readOnly value={url} label={t("ticket.makePage")} description={t("ticket.pageText", { until: moment(expires_at) })} />
          <Button variant="default" leftSection={<Icon name={clipboard.copied ? "done" : "copy"} />} onClick={() => clipboard.copy(url)}>
            {t(clipboard.copied ? "common.copied" : "common.copy")}
          </Button>
        </div>
      ) : (
        <Button variant="default" leftSection={<Icon name="link" />} loading={make.isPending} onClick={() => make.mutate()}>
          {t("ticket.makePage")}
        </Button>
      )}
    </div>
  );
}
