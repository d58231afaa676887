//! What one file of the plugins' folder declares. Pure: text comes in, a declaration or what is wrong with it goes out.

use std::path::Path;
use std::time::Duration;

use serde::Deserialize;

/// Longest name of a plugin.
pub const NAME_BYTES: usize = 40;
/// Longest title.
const TITLE_BYTES: usize = 100;
/// Arguments, the program with them, and the longest of them.
const MOST_ARGUMENTS: usize = 64;
const ARGUMENT_BYTES: usize = 4_096;
/// A plugin is started no more often.
pub const LEAST_EVERY: Duration = Duration::from_secs(60);
const MOST_EVERY: Duration = Duration::from_secs(7 * 86_400);
/// It has no longer to answer.
const MOST_TIMEOUT: Duration = Duration::from_secs(60);
const LEAST_TIMEOUT: Duration = Duration::from_secs(1);
/// How often a plugin runs, and how long it may take, where its file does not say.
pub const EVERY: Duration = Duration::from_secs(300);
const TIMEOUT: Duration = Duration::from_secs(10);

/// The commented example, as `--print-plugin` prints it.
pub const EXAMPLE: &str = r#"# A monitoring plugin as a check. This file is NAME.toml in the plugins' folder and declares the check plugin.NAME; a name
# has lower-case letters, digits and "-". It is read when the agent starts. Only root may be able to write this file, the
# program and the folders above them.

# The program, by its whole path, and its arguments. There is no shell. Whoever is on the machine can read the arguments
# of a running program: a password belongs into a file that the plugin reads.
command = ["/usr/lib/nagios/plugins/check_disk", "-w", "10%", "-c", "5%", "-p", "/"]

# What for, in a list of checks. Default: the name; in French: as in English.
title = "Free space on the system disk"
# title_fr = "Espace libre sur le disque système"

# How often it runs (at least "1m"), and how long it may take (at most "60s").
every = "5m"
timeout = "10s"

# The user that runs it. Default: nobody; the agent's own user where the agent is not root's. A plugin gains no rights
# while it runs: one that is setuid, or calls sudo, needs the user that it would become.
# user = "nobody"

# A critical finding of it opens a ticket unless a policy says otherwise.
ticket_worthy = false
"#;

/// How a plugin is run, and what it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    pub command: Vec<String>,
    pub title_en: String,
    pub title_fr: String,
    pub every: Duration,
    pub timeout: Duration,
    /// Absent: whoever has the fewest rights.
    pub user: Option<String>,
    pub ticket_worthy: bool,
}

/// Why a file declares nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongDeclaration {
    #[error(
        "its name is no plugin's: NAME.toml, with at most {NAME_BYTES} lower-case letters, digits and \"-\" as NAME; rename it or take it away"
    )]
    Name,
    #[error("{0}; correct it")]
    Toml(String),
    #[error("{key} {wrong}; correct it")]
    Value { key: &'static str, wrong: String },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    command: Vec<String>,
    title: Option<String>,
    title_fr: Option<String>,
    every: Option<String>,
    timeout: Option<String>,
    user: Option<String>,
    #[serde(default)]
    ticket_worthy: bool,
}

/// The plugin's name in a file's: `disk` of `disk.toml`.
pub fn name_of(file: &str) -> Result<&str, WrongDeclaration> {
    let is_of_name = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    file.strip_suffix(".toml")
        .filter(|name| !name.is_empty() && name.len() <= NAME_BYTES && name.bytes().all(is_of_name))
        .ok_or(WrongDeclaration::Name)
}

/// Reads what the file of the plugin `name` says.
pub fn parse(name: &str, text: &str) -> Result<Declaration, WrongDeclaration> {
    let file: File = toml::from_str(text).map_err(|error| {
        let at = error.span().map(|span| {
            1 + text.as_bytes()[..span.start.min(text.len())]
                .iter()
                .filter(|b| **b == b'\n')
                .count()
        });
        let line = at.map_or(String::new(), |at| format!("line {at}: "));
        WrongDeclaration::Toml(format!("{line}{}", error.message()))
    })?;
    let wrong = |key, wrong: String| Err(WrongDeclaration::Value { key, wrong });
    let Some(program) = file.command.first() else {
        return wrong("command", "names no program".into());
    };
    if !Path::new(program).is_absolute() {
        return wrong(
            "command",
            format!("begins with {program:?}, which is no whole path"),
        );
    }
    let is_long = |argument: &String| argument.len() > ARGUMENT_BYTES;
    if file.command.len() > MOST_ARGUMENTS || file.command.iter().any(is_long) {
        let most = format!(
            "has more than {MOST_ARGUMENTS} arguments, or one of more than {ARGUMENT_BYTES} bytes"
        );
        return wrong("command", most);
    }
    if file.command.iter().any(|argument| argument.contains('\0')) {
        return wrong("command", "holds a NUL character".into());
    }
    let title_en = title("title", file.title.as_deref().unwrap_or(name))?;
    let title_fr = match &file.title_fr {
        Some(title_fr) => title("title_fr", title_fr)?,
        None => title_en.clone(),
    };
    if file.user.as_deref() == Some("") {
        return wrong("user", "is empty".into());
    }
    Ok(Declaration {
        title_en,
        title_fr,
        every: span(
            "every",
            file.every.as_deref(),
            EVERY,
            (LEAST_EVERY, MOST_EVERY),
        )?,
        timeout: span(
            "timeout",
            file.timeout.as_deref(),
            TIMEOUT,
            (LEAST_TIMEOUT, MOST_TIMEOUT),
        )?,
        command: file.command,
        user: file.user,
        ticket_worthy: file.ticket_worthy,
    })
}

fn title(key: &'static str, title: &str) -> Result<String, WrongDeclaration> {
    let is_harmless = title.chars().all(|c| sonde_proto::text::harmless(c, false));
    match is_harmless && !title.trim().is_empty() && title.len() <= TITLE_BYTES {
        true => Ok(title.trim().to_owned()),
        false => Err(WrongDeclaration::Value {
            key,
            wrong: format!("is no line of 1 to {TITLE_BYTES} bytes"),
        }),
    }
}

/// A length of time as people write it: "90s", "5m", "1h 30m".
fn span(
    key: &'static str,
    text: Option<&str>,
    otherwise: Duration,
    (least, most): (Duration, Duration),
) -> Result<Duration, WrongDeclaration> {
    let Some(text) = text else {
        return Ok(otherwise);
    };
    let parsed = text.parse::<jiff::SignedDuration>().ok();
    let parsed = parsed.and_then(|span| Duration::try_from(span).ok());
    parsed
        .filter(|span| (least..=most).contains(span))
        .ok_or_else(|| WrongDeclaration::Value {
            key,
            wrong: format!(
                "is {text:?}, where \"{}s\" to \"{}s\" is what it may be",
                least.as_secs(),
                most.as_secs()
            ),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: &str = "command = [\"/bin/true\"]\n";

    #[track_caller]
    fn refused(text: &str, expected: &str) {
        let error = parse("x", text).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
        assert!(!error.contains('\n'), "{error}");
    }

    #[test]
    fn the_printed_example_is_a_declaration() {
        let read = parse("disk", EXAMPLE).unwrap();
        assert_eq!(read.command.len(), 7);
        assert_eq!((read.every, read.timeout), (EVERY, TIMEOUT));
        assert_eq!((read.user, read.ticket_worthy), (None, false));
        // With all that is commented out as well.
        let all = EXAMPLE
            .replace("\n# title_fr", "\ntitle_fr")
            .replace("\n# user", "\nuser");
        let read = parse("disk", &all).unwrap();
        assert_eq!(read.user.as_deref(), Some("nobody"));
        assert_ne!(read.title_fr, read.title_en);
    }

    #[test]
    fn a_command_is_all_that_must_be_said() {
        let read = parse("up", LEAST).unwrap();
        assert_eq!(
            (read.title_en.as_str(), read.title_fr.as_str()),
            ("up", "up")
        );
        assert_eq!((read.every, read.timeout), (EVERY, TIMEOUT));
    }

    #[test]
    fn a_name_is_one_that_a_check_can_have() {
        assert_eq!(name_of("disk-1.toml"), Ok("disk-1"));
        let long = format!("{}.toml", "a".repeat(NAME_BYTES + 1));
        for wrong in [
            "Disk.toml",
            "a b.toml",
            ".toml",
            "disk.tml",
            "disk",
            "a.b.toml",
            "é.toml",
            &long,
        ] {
            assert_eq!(name_of(wrong), Err(WrongDeclaration::Name), "{wrong}");
        }
    }

    #[test]
    fn what_is_wrong_is_named_with_its_remedy() {
        refused("", "command");
        refused("command = []", "command names no program");
        refused("command = [\"check_disk\"]", "no whole path");
        refused("command = [\"./check_disk\"]", "no whole path");
        refused("command = \"/bin/true; rm -rf /\"", "line 1: ");
        refused("command = [\"/bin/true\", 5]", "line 1: ");
        refused("command = [\"/bin/true\", \"a\\u0000\"]", "NUL");
        refused(
            &format!("{LEAST}evry = \"5m\""),
            "line 2: unknown field `evry`",
        );
        refused(
            &format!("{LEAST}every = \"30s\""),
            "every is \"30s\", where \"60s\"",
        );
        refused(&format!("{LEAST}every = \"-5m\""), "every");
        refused(&format!("{LEAST}every = \"often\""), "every");
        refused(&format!("{LEAST}every = 300"), "line 2: ");
        refused(
            &format!("{LEAST}timeout = \"2m\""),
            "timeout is \"2m\", where \"1s\" to \"60s\"",
        );
        refused(
            &format!("{LEAST}title = \"a\\u001b[31m\""),
            "title is no line",
        );
        refused(&format!("{LEAST}title_fr = \"\""), "title_fr is no line");
        refused(&format!("{LEAST}user = \"\""), "user is empty");
        let many = vec!["\"/bin/true\""; MOST_ARGUMENTS + 1].join(",");
        refused(&format!("command = [{many}]"), "arguments");
    }
}
