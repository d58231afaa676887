import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "../../api/problem";
import { signIn } from "../../api/session";
import { ProblemLine } from "../../parts/ProblemLine";
import style from "./Door.module.css";

interface Props {
  done: (password: string, isFactorNeeded: boolean) => void;
}

/** Name and password; then the code, when the collector says that it needs one. */
export function ProofForm({ done }: Props) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [isCodeAsked, setCodeAsked] = useState(false);
  const enter = useMutation({
    mutationFn: () => signIn({ name: name.trim(), password, ...(isCodeAsked && { code: code.trim() }) }),
    onSuccess: (answer) => done(password, answer.second_factor_needed),
    onError: (failure) => {
      if (failure instanceof Problem && failure.kind === "code-needed") setCodeAsked(true);
      else setCode("");
    },
  });
  const isCodeOnly = enter.error instanceof Problem && enter.error.kind === "code-needed";
  return (
    <form
      className={style["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        enter.mutate();
      }}
    >
      <TextInput label={t("signIn.name")} autoFocus required autoComplete="username" value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <PasswordInput
        label={t("signIn.password")}
        required
        autoComplete="current-password"
        value={password}
        visibilityToggleButtonProps={{ "aria-label": t("signIn.showPassword") }}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      {isCodeAsked && (
        <TextInput
          className={style["code"]}
          label={t("signIn.code")}
          description={t("signIn.codeHelp")}
          autoFocus
          required
          autoComplete="one-time-code"
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
      )}
      {enter.isError && !isCodeOnly && <ProblemLine failure={enter.error} />}
      <Button type="submit" size="sm" loading={enter.isPending}>
        {t("signIn.enter")}
      </Button>
    </form>
  );
}
