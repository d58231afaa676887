import { Button, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "../../api/problem";
import { confirmFactor, newFactor } from "../../api/session";
import { Failure } from "../../parts/Failure";
import { Loading } from "../../parts/Loading";
import { ProblemLine } from "../../parts/ProblemLine";
import { QrCode } from "../../parts/QrCode";
import style from "./Door.module.css";

interface Props {
  password: string;
  done: (recoveryCodes: string[]) => void;
}

/** An account without a second factor can do nothing but set one up. */
export function FactorSetup({ password, done }: Props) {
  const { t } = useTranslation();
  const [code, setCode] = useState("");
  const factor = useQuery({ queryKey: ["me", "new-factor"], queryFn: newFactor, staleTime: Infinity, gcTime: 0, retry: false });
  const confirm = useMutation({
    mutationFn: (secret: string) => confirmFactor({ secret, code: code.trim(), password }),
    onSuccess: (answer) => done(answer.recovery_codes),
  });
  if (factor.isError) return <Failure failure={factor.error} again={() => void factor.refetch()} isSmall />;
  if (!factor.data) return <Loading lines={4} />;
  const isWrong = confirm.error instanceof Problem && confirm.error.field === "code";
  const { secret, url } = factor.data;
  return (
    <form
      className={style["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        confirm.mutate(secret);
      }}
    >
      <p className={style["text"]}>{t("signIn.scan")}</p>
      <div className={style["factor"]}>
        <QrCode text={url} title={t("signIn.qr")} />
        <div>
          {t("signIn.orType")}
          <code className={style["secret"]}>{secret}</code>
        </div>
      </div>
      <TextInput
        className={style["code"]}
        label={t("signIn.firstCode")}
        autoFocus
        required
        inputMode="numeric"
        autoComplete="one-time-code"
        value={code}
        error={isWrong && t("signIn.wrongCode")}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
      {confirm.isError && !isWrong && <ProblemLine failure={confirm.error} />}
      <Button type="submit" size="sm" loading={confirm.isPending}>
        {t("signIn.confirm")}
      </Button>
    </form>
  );
}
