import { Button } from "@mantine/core";
import type { ErrorComponentProps } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useConnection } from "../api/connected";
import { Failure } from "./Failure";
import { NotLoaded, tryAgain } from "./late";
import { Notice } from "./Notice";

/** In the place of a screen that failed, or whose code did not come: that comes by itself once the collector is heard. */
export function Broken({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  const again = () => void tryAgain().then(reset);
  if (!(error instanceof NotLoaded)) return <Failure isPage failure={error} again={again} />;
  return (
    <div role="alert">
      {!error.isGone && <OnceHeard run={again} />}
      <Notice
        isPage
        icon={error.isGone ? "warning" : "lost"}
        title={t("broken.title")}
        action={
          <Button variant="default" onClick={error.isGone ? () => location.reload() : again}>
            {t(error.isGone ? "broken.anew" : "common.again")}
          </Button>
        }
      >
        <p>{t(error.isGone ? "broken.gone" : "broken.away")}</p>
      </Notice>
    </div>
  );
}

function OnceHeard({ run }: { run: () => void }) {
  const isHeard = useConnection().lostSince === undefined;
  const newest = useRef(run);
  useEffect(() => {
    newest.current = run;
  });
  useEffect(() => {
    if (isHeard) newest.current();
  }, [isHeard]);
  return null;
}
