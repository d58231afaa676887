//! Texts that somebody sends to do harm where they come out. Every exit's test takes all of them.

/// Each does its harm at some exit.
const TEXTS: [&str; 27] = [
    // Terminals: colours, titles, the clipboard, cleared screens, overwritten lines, C1 controls.
    "\u{1b}[31mred\u{1b}[0m",
    "\u{1b}]0;title\u{7}",
    "\u{1b}]52;c;cm0gLXJmIC8=\u{7}",
    "\u{1b}[2J\u{1b}[H",
    "right\rwrong",
    "a\u{8}\u{8}b\u{7f}",
    "\u{9b}31m\u{9d}0;title\u{9c}",
    // Readers: what is seen is not what is there.
    "user\u{202e}txt.exe",
    "\u{2066}a\u{2069}\u{200e}\u{200f}\u{61c}",
    "\u{202a}\u{202b}\u{202c}\u{202d}",
    // Lines: of logs, headers, server-sent events.
    "one\n2026-01-01T00:00:00Z ERROR two",
    "one\r\nSet-Cookie: a=b\r\n\r\n<html>",
    "one\ndata: {}\n\nevent: ticket\nid: 1",
    "one\u{2028}two\u{2029}three\u{85}four\u{b}five\u{c}six",
    // Stores and languages whose texts end early, and quotes of all kinds.
    "a\0b",
    "\"'`\\$(id);|&<>{}%s%n",
    "\"}],\"type\":\"x",
    "</script><script>alert(1)</script>",
    // Sheets: formulas.
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-1+1",
    "@SUM(1,1)",
    "\t=1,\"2\"\n3",
    // Paths.
    "../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "/etc/passwd\0.txt",
    "a/../b?c#d&e=%2e%2e%2f",
];

/// All of them, and one that does not end.
pub(crate) fn texts() -> impl Iterator<Item = String> {
    let overlong = "=\u{1b}[31m\u{202e}é\n".repeat(20_000);
    TEXTS.into_iter().map(str::to_owned).chain([overlong])
}

/// That a line does nothing to whoever looks at it.
#[track_caller]
pub(crate) fn assert_inert(line: &str) {
    let harm = line
        .chars()
        .find(|c| !sonde_proto::text::harmless(*c, false));
    assert_eq!(harm, None, "{line:?}");
}
