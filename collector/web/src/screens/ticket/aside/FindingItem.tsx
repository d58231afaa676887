import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Finding } from "../../../api/devices";
import { Icon } from "../../../parts/Icon";
import { StatusMark } from "../../../parts/StatusMark";
import { TimeAgo } from "../../../parts/TimeAgo";
import { Silence } from "../../silence/Silence";
import style from "./Aside.module.css";
import { isWrong } from "./nested";

interface Props {
  finding: Finding;
  consequences: readonly Finding[];
  device: string;
  /** Of actions, by their ids. */
  titles: ReadonlyMap<string, string>;
  act: ((action: string, subject: string) => void) | undefined;
}

export function FindingItem({ finding, consequences, device, titles, act }: Props) {
  const { t } = useTranslation();
  const { check, subject, status, summary, cause, remedies, since } = finding;
  return (
    <div className={style["finding"]}>
      <div className={style["findingHead"]}>
        <StatusMark status={status} isQuiet />
        <span>{summary}</span>
      </div>
      <div className={style["findingBody"]}>
        {cause && <p>{cause}</p>}
        <p>
          <span className={style["check"]}>{check}</span> {isWrong(finding) && <TimeAgo at={since} />}
        </p>
        {act && remedies.length > 0 && (
          <div className={style["buttons"]}>
            {remedies.map((remedy) => (
              <Button key={remedy} variant="default" leftSection={<Icon name="action" />} onClick={() => act(remedy, subject)}>
                {titles.get(remedy) ?? remedy}
              </Button>
            ))}
          </div>
        )}
        {isWrong(finding) && <Silence device={device} finding={finding} />}
      </div>
      {consequences.length > 0 && (
        <details className={style["consequences"]}>
          <summary>
            <span className={style["share"]}>{t("findings.follow", { count: consequences.length })}</span>
          </summary>
          {consequences.map((one) => (
            <FindingItem key={`${one.check} ${one.subject}`} finding={one} consequences={[]} device={device} titles={titles} act={act} />
          ))}
        </details>
      )}
    </div>
  );
}
