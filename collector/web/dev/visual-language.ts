//! Makes the style sheet of `src/theme.ts` when the console is built: nothing adds a style element at run time.

import { convertCssVariables, DEFAULT_THEME, defaultCssVariablesResolver, mergeMantineTheme } from "@mantine/core";
import type { Plugin } from "vite";
import { theme, tokens } from "../src/theme.ts";

const NAME = "virtual:theme.css";

export function visualLanguage(): Plugin {
  return {
    name: "sonde-visual-language",
    resolveId: (id) => (id === NAME ? `\0${NAME}` : null),
    load: (id) => (id === `\0${NAME}` ? sheet() : null),
  };
}

function sheet(): string {
  const mantine = convertCssVariables(defaultCssVariablesResolver(mergeMantineTheme(DEFAULT_THEME, theme)));
  return `${mantine}\n${convertCssVariables(tokens)}`;
}
