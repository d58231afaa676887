import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { meQuery } from "../../api/session";
import { useTitle } from "../../parts/title";
import { Door } from "./Door";
import { FactorSetup } from "./FactorSetup";
import { inside } from "./inside";
import { ProofForm } from "./ProofForm";
import { RecoveryCodes } from "./RecoveryCodes";

type Step = { name: "proof" } | { name: "factor"; password: string } | { name: "codes"; codes: string[] };

/** From a name to a session: password, code, and a second factor where there is none yet. */
export function SignIn() {
  const { t } = useTranslation();
  const { back } = useSearch({ from: "/sign-in" });
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [step, setStep] = useState<Step>({ name: "proof" });
  useTitle(t("signIn.title"));
  const enter = async () => {
    queries.removeQueries({ queryKey: meQuery.queryKey });
    await queries.fetchQuery(meQuery);
    await navigate({ href: inside(back), replace: true });
  };
  return (
    <Door title={t(`signIn.step.${step.name}`)} text={back && step.name === "proof" ? t("signIn.ended") : undefined}>
      {step.name === "proof" && (
        <ProofForm
          done={(password, isFactorNeeded) => {
            if (isFactorNeeded) setStep({ name: "factor", password });
            else void enter();
          }}
        />
      )}
      {step.name === "factor" && <FactorSetup password={step.password} done={(codes) => setStep({ name: "codes", codes })} />}
      {step.name === "codes" && <RecoveryCodes codes={step.codes} done={() => void enter()} />}
    </Door>
  );
}
