import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Problem } from "../api/problem";
import { Notice } from "./Notice";
import { useProblemText } from "./problemText";

interface Props {
  failure: unknown;
  again?: (() => void) | undefined;
  isSmall?: boolean;
  isPage?: boolean;
}

/** What could not be read, why, and the way to try again. */
export function Failure({ failure, again, isSmall = false, isPage = false }: Props) {
  const { t } = useTranslation();
  const text = useProblemText(failure);
  const isAway = failure instanceof Problem && failure.status === 0;
  const action = again && (
    <Button variant="default" onClick={again}>
      {t("common.again")}
    </Button>
  );
  return (
    <div role="alert">
      <Notice icon={isAway ? "lost" : "warning"} title={text.title} action={action} isSmall={isSmall} isPage={isPage}>
        {text.detail && <p>{text.detail}</p>}
      </Notice>
    </div>
  );
}
