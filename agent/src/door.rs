//! The ways into the program: one file for each subcommand.

pub mod check;
pub mod enroll;
pub mod facts;
#[cfg(unix)]
pub mod help_me;
#[cfg(unix)]
pub mod history;
pub mod run;
#[cfg(unix)]
pub mod status;
pub mod worker;

use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use sonde_proto::message::Lang;

use crate::config::{Config, ConfigError};
use crate::host::Host;
use crate::state;

/// Width of what is printed, on whatever terminal.
const COLUMNS: usize = 80;

/// Writes to standard output. Who has closed it wants no more.
pub(crate) fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .ok();
}

/// Writes one JSON value to standard output.
pub(crate) fn print_json(value: &serde_json::Value) {
    print(&format!("{}\n", for_terminals(&format!("{value:#}"))));
}

/// JSON in which no character does anything to a terminal: those that JSON leaves as they are stand as `\uXXXX`.
fn for_terminals(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if sonde_proto::text::harmless(c, true) {
            out.push(c);
        } else {
            // They stand in strings alone, and have 16 bits.
            out.push_str(&format!("\\u{:04x}", u32::from(c)));
        }
    }
    out
}

/// The state folder: as asked for, else as set.
pub(crate) fn state_folder(
    asked: Option<&Path>,
    config: &Config,
    host: &Host,
) -> Result<PathBuf, ConfigError> {
    match asked {
        Some(folder) => Ok(folder.to_owned()),
        None => config.state_folder(host.is_root(), |name| std::env::var(name).ok()),
    }
}

/// This machine, with what the agent on it has recorded. `config` names that agent; `None`: it cannot be read.
pub(crate) fn this_host(config: Option<&Config>) -> Host {
    let host = Host::this();
    if let Some(Ok(folder)) = config.map(|config| state_folder(None, config, &host)) {
        let fallback = state::fallback_of(&folder);
        let home = match fallback.join(state::RECORDER).exists() {
            true => fallback,
            // Whoever may not look into the folder learns that when the file is read.
            false => folder,
        };
        host.set_recorder(Some(home.join(state::RECORDER)));
    }
    host
}

/// Writes why settings cannot be read.
pub fn complain_of(config: &Result<Config, ConfigError>) {
    if let Err(error) = config {
        let source = std::error::Error::source(error).map(|why| format!(": {why}"));
        complain(&format!("{error}{}", source.unwrap_or_default()));
    }
}

/// Writes an error as one line to standard error.
pub(crate) fn complain(error: &dyn std::fmt::Display) {
    let text = error.to_string();
    writeln!(
        std::io::stderr(),
        "sonde-agent: {}",
        crate::text::clean(&text)
    )
    .ok();
}

/// The language of `--lang`, else of the environment.
pub(crate) fn language(asked: Option<&str>) -> Lang {
    let from_environment = || {
        ["LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    };
    match asked {
        Some(asked) => Lang::best(asked),
        None => Lang::best(&from_environment().unwrap_or_default()),
    }
}

/// Columns to print in, and whether colours are wanted.
pub(crate) fn terminal() -> (usize, bool) {
    let is_terminal = std::io::stdout().is_terminal();
    let colours = is_terminal && std::env::var_os("NO_COLOR").is_none();
    (COLUMNS, colours)
}

/// Exit code of a command that was given what it cannot use, as clap's own.
pub(crate) fn usage_error() -> ExitCode {
    ExitCode::from(2)
}

#[test]
fn json_does_nothing_to_a_terminal() {
    let hostile = serde_json::json!({ "name": "a\u{1b}\u{7f}\u{9b}\u{202e}é\n" });
    let json = for_terminals(&format!("{hostile:#}"));
    assert_eq!(
        json,
        "{\n  \"name\": \"a\\u001b\\u007f\\u009b\\u202eé\\n\"\n}"
    );
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&json).unwrap(),
        hostile
    );
}
