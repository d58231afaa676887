import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { EnrolmentToken } from "../../api/sites";
import { Page } from "../../parts/page/Page";
import { Secret } from "../../parts/Secret";
import { useTitle } from "../../parts/title";
import { Arrivals } from "./Arrivals";
import style from "./FirstDevice.module.css";
import { TokenForm } from "./TokenForm";

/** Where agents connect to where the collector does not say it. */
const USUAL_PORT = 7443;

/** From nothing to an enrolled device: a token, the lines to type on the machine, and the device as it appears. */
export function FirstDevice() {
  const { t } = useTranslation();
  const [token, setToken] = useState<EnrolmentToken>();
  const collector = token?.collector ?? `https://${location.hostname}:${USUAL_PORT}`;
  useTitle(t("first.title"));
  return (
    <Page scrolls label={t("first.title")} title={t("first.title")} sub={t("first.sub")}>
      <ol className={style["steps"]}>
        <li>
          <h2>{t("first.makeToken")}</h2>
          {token?.token ? <Secret label={t("first.token")} text={token.token} help={t("first.tokenText")} /> : <TokenForm made={setToken} />}
        </li>
        <li>
          <h2>{t("first.onMachine")}</h2>
          <p>{t(token ? "first.onMachineText" : "first.afterToken")}</p>
          {token && (
            <>
              <Secret label={t("first.enrolLine")} help={t("first.enrolText")} text={`sudo sonde-agent enroll --collector ${collector} --token-file -`} />
              <Secret label={t("first.runLine")} text="sudo sonde-agent run" />
            </>
          )}
        </li>
        <li>
          <h2>{t("first.appears")}</h2>
          <Arrivals />
        </li>
      </ol>
    </Page>
  );
}
