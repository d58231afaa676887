import { Modal } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { CatchBoundary, Outlet, useLocation, useNavigate, useRouter } from "@tanstack/react-router";
import { Suspense, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFollow } from "../../api/follow";
import { meQuery } from "../../api/session";
import { Broken } from "../Broken";
import { useKeys } from "../keys";
import { late } from "../late";
import { Ahead } from "./Ahead";
import { ConnectionBar } from "./ConnectionBar";
import style from "./Shell.module.css";
import { Sidebar } from "./Sidebar";
import { useAttention } from "./useAttention";

const Palette = late(() => import("./Palette"), "Palette");
const KeysHelp = late(() => import("./KeysHelp"), "KeysHelp");

/** What stands around every screen. */
export function Shell() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [over, setOver] = useState<"palette" | "keys">();
  const router = useRouter();
  // Who presses a key goes on typing at once.
  useEffect(() => {
    void router.preloadRoute({ to: "/call" });
  }, [router]);
  const { data: me } = useSuspenseQuery(meQuery);
  useFollow("tickets");
  useAttention(me.name);
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  // What is read aloud and scrolled by keys begins where the new screen does.
  useEffect(() => {
    if (document.activeElement === document.body) main.current?.focus();
  }, [pathname]);
  const close = () => setOver(undefined);
  useKeys(t("keys.everywhere"), [
    { key: "mod+k", says: t("keys.palette"), run: () => setOver("palette") },
    { key: "?", says: t("keys.help"), run: () => setOver("keys") },
    { key: "n", says: t("keys.call"), run: () => void navigate({ to: "/call" }) },
    { key: "q", says: t("keys.queue"), run: () => void navigate({ to: "/" }) },
  ]);
  return (
    <div className={style["shell"]}>
      <a className={style["skip"]} href="#main">
        {t("shell.skip")}
      </a>
      <Sidebar openPalette={() => setOver("palette")} openKeys={() => setOver("keys")} />
      <main ref={main} id="main" tabIndex={-1} className={style["main"]}>
        <ConnectionBar />
        <Outlet />
      </main>
      <CatchBoundary
        getResetKey={() => over ?? ""}
        errorComponent={(props) => (
          <Modal opened onClose={close} closeButtonProps={{ "aria-label": t("common.close") }}>
            <Broken {...props} />
          </Modal>
        )}
      >
        <Suspense>
          {over === "palette" && <Palette close={close} />}
          {over === "keys" && <KeysHelp close={close} />}
        </Suspense>
      </CatchBoundary>
      <Ahead />
    </div>
  );
}
