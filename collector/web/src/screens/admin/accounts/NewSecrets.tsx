import { useTranslation } from "react-i18next";
import type { Schemas } from "../../../api/client";
import page from "../../../parts/page/Page.module.css";
import { QrCode } from "../../../parts/QrCode";
import { Secret } from "../../../parts/Secret";

/** What lets an account's owner in, shown this once. */
export function NewSecrets({ made }: { made: Schemas["CreatedAccount"] }) {
  const { t } = useTranslation();
  return (
    <>
      <p className={page["plain"]}>{t("accounts.madeText")}</p>
      <Secret label={t("signIn.password")} text={made.password} />
      <Secret label={t("accounts.factorSecret")} text={made.totp_secret} />
      <QrCode text={made.totp_url} title={t("signIn.qr")} />
      <Secret label={t("signIn.step.codes")} text={made.recovery_codes.join("\n")} />
    </>
  );
}
