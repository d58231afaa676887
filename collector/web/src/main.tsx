import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/jetbrains-mono/wght.css";
import "./parts/mantine.css";
import "virtual:theme.css";
import "./parts/base.css";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { onSessionEnd } from "./api/client";
import { queries } from "./api/queries";
import { recover } from "./api/recover";
import { begin } from "./locales/i18n";
import { listen } from "./parts/keys";
import { dropFailedSheets, NotLoaded } from "./parts/late";
import { Toasts } from "./parts/Toasts";
import { leave, router } from "./router";
import { theme } from "./theme";

await begin();
dropFailedSheets();
listen();
recover();
onSessionEnd(leave);

const root = document.getElementById("root");
if (!root) throw new Error("the page has no place for the console");
// The screen's place says it.
const onCaughtError = (failure: unknown) => (failure instanceof NotLoaded ? undefined : reportError(failure));
createRoot(root, { onCaughtError }).render(
  <StrictMode>
    {/* Every style comes from a file: the content security policy refuses style elements. */}
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withStaticClasses={false} withGlobalClasses={false}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
        <Toasts />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
