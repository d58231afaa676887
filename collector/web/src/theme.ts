//! The visual language: spacing, type, colours of status, icons. Everything that looks like something takes it from here.

import { createTheme, type ConvertCSSVariablesInput, type MantineColorsTuple } from "@mantine/core";

const ink: MantineColorsTuple = [
  "#eef0fc", "#dce0f7", "#b6beee", "#8e9ae5", "#6c7bdd", "#5566d6", "#4254c6", "#3446b8", "#2b3a9b", "#222f80",
];

const night: MantineColorsTuple = [
  "#e4e7ed", "#c3c9d4", "#9aa3b2", "#737d8e", "#414958", "#2c323d", "#1d2129", "#171a21", "#101217", "#0c0e12",
];

/** The smallest that a finger finds (WCAG 2.5.8). */
const SMALLEST = "24px";
const isSmall = (size: string | undefined) => size === "xs" || size === "sm";

/** A list that opens scrolls itself, where the field stands: so it is reached and read as part of that. */
const opens = {
  defaultProps: { withScrollArea: false, comboboxProps: { withinPortal: false } },
  styles: { options: { maxHeight: "15rem", overflowY: "auto" as const } },
};

export const theme = createTheme({
  colors: { ink, dark: night },
  primaryColor: "ink",
  primaryShade: { light: 7, dark: 5 },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, monospace",
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.25rem" },
  lineHeights: { xs: "1.35", sm: "1.45", md: "1.5", lg: "1.5", xl: "1.3" },
  spacing: { xs: "0.375rem", sm: "0.625rem", md: "0.875rem", lg: "1.25rem", xl: "2rem" },
  radius: { xs: "3px", sm: "5px", md: "7px", lg: "10px", xl: "14px" },
  defaultRadius: "sm",
  cursorType: "pointer",
  focusRing: "auto",
  respectReducedMotion: true,
  headings: { fontWeight: "620", sizes: { h1: { fontSize: "1.125rem" }, h2: { fontSize: "0.9375rem" }, h3: { fontSize: "0.8125rem" } } },
  components: {
    Button: {
      defaultProps: { size: "xs" },
      vars: (_: unknown, { size }: { size?: string }) => ({ root: size === "compact-xs" ? { "--button-height": SMALLEST } : {} }),
    },
    ActionIcon: {
      defaultProps: { size: "md", variant: "subtle", color: "gray" },
      vars: (_: unknown, { size }: { size?: string }) => ({ root: isSmall(size) ? { "--ai-size": SMALLEST } : {} }),
    },
    CloseButton: {
      vars: (_: unknown, { size }: { size?: string }) => ({ root: isSmall(size) ? { "--cb-size": SMALLEST } : {} }),
    },
    TextInput: { defaultProps: { size: "sm" } },
    PasswordInput: { defaultProps: { size: "sm" } },
    Textarea: { defaultProps: { size: "sm" } },
    NativeSelect: { defaultProps: { size: "sm" } },
    MultiSelect: opens,
    Select: { ...opens, defaultProps: { ...opens.defaultProps, size: "sm" } },
    Overlay: { defaultProps: { backgroundOpacity: 0.4 } },
    // Locking the page's scroll needs a style element, which the content security policy refuses.
    Modal: { defaultProps: { lockScroll: false, removeScrollProps: { enabled: false }, centered: true } },
    ModalRoot: { defaultProps: { lockScroll: false, removeScrollProps: { enabled: false } } },
    Drawer: { defaultProps: { lockScroll: false, removeScrollProps: { enabled: false }, position: "right" } },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: false, fz: "xs" } },
    Menu: { defaultProps: { shadow: "md", position: "bottom-end", withInitialFocusPlaceholder: false } },
  },
});

/** Colours that say something, each with the ground it may stand on at a contrast of 4.5 or more. */
export type Tone = "ok" | "warning" | "critical" | "unknown" | "info" | "quiet";

export type IconName =
  | "ok" | "warning" | "critical" | "unknown" | "offline" | "none"
  | "new" | "open" | "waiting" | "proposed" | "resolved" | "closed"
  | "urgent" | "high" | "normal" | "low";

interface Mark {
  tone: Tone;
  icon: IconName;
}

/** How a status looks: a shape of its own for each, so that colour is never all there is. */
export const statusMarks: Record<"ok" | "warning" | "critical" | "unknown" | "offline" | "none", Mark> = {
  ok: { tone: "ok", icon: "ok" },
  warning: { tone: "warning", icon: "warning" },
  critical: { tone: "critical", icon: "critical" },
  unknown: { tone: "unknown", icon: "unknown" },
  offline: { tone: "unknown", icon: "offline" },
  none: { tone: "quiet", icon: "none" },
};

export const stateMarks: Record<"new" | "open" | "waiting" | "proposed" | "resolved" | "closed", Mark> = {
  new: { tone: "info", icon: "new" },
  open: { tone: "warning", icon: "open" },
  waiting: { tone: "unknown", icon: "waiting" },
  proposed: { tone: "info", icon: "proposed" },
  resolved: { tone: "ok", icon: "resolved" },
  closed: { tone: "unknown", icon: "closed" },
};

export const priorityMarks: Record<"urgent" | "high" | "normal" | "low", Mark> = {
  urgent: { tone: "critical", icon: "urgent" },
  high: { tone: "warning", icon: "high" },
  normal: { tone: "unknown", icon: "normal" },
  low: { tone: "unknown", icon: "low" },
};

/** Height of a row of a list, pixels. */
export const ROW_HEIGHT = 38;

/** Height of a row of a table of facts, pixels. */
export const TABLE_ROW_HEIGHT = 32;

/** Colours of lines in a chart, in this order; the strokes of a second round are broken. */
export const SERIES = ["--series-1", "--series-2", "--series-3", "--series-4", "--series-5", "--series-6"] as const;

export const tokens: ConvertCSSVariablesInput = {
  variables: {
    "--row-height": `${ROW_HEIGHT}px`,
    "--sidebar-width": "13.5rem",
    "--aside-width": "25.5rem",
    "--ease": "cubic-bezier(0.2, 0, 0, 1)",
  },
  light: {
    "--ground": "#f6f7f9",
    "--panel": "#ffffff",
    "--sunken": "#f0f2f5",
    "--hover": "#f1f3f7",
    "--selected": "#eaedfb",
    "--line": "#e3e6eb",
    "--line-strong": "#c5cbd6",
    "--text": "#1c2230",
    "--dim": "#586170",
    "--accent": "#3446b8",
    "--on-accent": "#ffffff",
    "--ok": "#17723f",
    "--ok-ground": "#e4f4eb",
    "--warning": "#8a5206",
    "--warning-ground": "#fcf0da",
    "--critical": "#b3232b",
    "--critical-ground": "#fce9e9",
    "--unknown": "#566070",
    "--unknown-ground": "#eceef2",
    "--info": "#2a55b5",
    "--info-ground": "#e7eefb",
    "--quiet": "#5f6876",
    "--quiet-ground": "transparent",
    "--note-ground": "#fdf8ea",
    "--note-line": "#eadfbd",
    "--series-1": "#3446b8",
    "--series-2": "#0f8a83",
    "--series-3": "#b0530e",
    "--series-4": "#8a3fb0",
    "--series-5": "#b3265f",
    "--series-6": "#5c6b12",
    "--mantine-color-body": "#ffffff",
    "--mantine-color-text": "#1c2230",
    "--mantine-color-dimmed": "#586170",
    "--mantine-color-placeholder": "#5f6876",
    "--mantine-color-error": "#b3232b",
    "--mantine-color-default-border": "#cfd4dd",
  },
  dark: {
    "--ground": "#101217",
    "--panel": "#171a21",
    "--sunken": "#12141a",
    "--hover": "#1e222b",
    "--selected": "#232846",
    "--line": "#272c36",
    "--line-strong": "#414958",
    "--text": "#e4e7ed",
    "--dim": "#9aa3b2",
    "--accent": "#9aa7ff",
    "--on-accent": "#101217",
    "--ok": "#62cf97",
    "--ok-ground": "#15291e",
    "--warning": "#eab552",
    "--warning-ground": "#302513",
    "--critical": "#ff8f8a",
    "--critical-ground": "#38191b",
    "--unknown": "#a3abb9",
    "--unknown-ground": "#262b34",
    "--info": "#93b4ff",
    "--info-ground": "#18233c",
    "--quiet": "#8a93a3",
    "--quiet-ground": "transparent",
    "--note-ground": "#221f16",
    "--note-line": "#3c3623",
    "--series-1": "#9aa7ff",
    "--series-2": "#4fd0c4",
    "--series-3": "#f0a35e",
    "--series-4": "#cf9bf2",
    "--series-5": "#ff8fb8",
    "--series-6": "#c0d063",
    "--mantine-color-body": "#171a21",
    "--mantine-color-text": "#e4e7ed",
    "--mantine-color-dimmed": "#9aa3b2",
    "--mantine-color-placeholder": "#8a93a3",
    "--mantine-color-error": "#ff8f8a",
    "--mantine-color-default": "#1b1f27",
    "--mantine-color-default-hover": "#222732",
    "--mantine-color-default-border": "#343b47",
  },
};
