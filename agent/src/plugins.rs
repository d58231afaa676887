//! Monitoring plugins as checks: programs of others that this device, and nobody else, has declared in a folder of its own.
//!
//! Read once when the agent starts. A file that declares nothing starts nothing and is said: under its own name where it
//! has one, as `agent.plugins` where it has none.

pub mod declaration;
mod judge;
pub mod output;
#[cfg(unix)]
mod owned;
pub mod performance;
mod values;

use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::checks::{Check, Run};
use crate::finding::{Finding, Status};
use crate::host::{Host, Unavailable};
use crate::metrics::Family;
use crate::state::StateError;
use crate::text::shown;
use crate::worker;
use declaration::Declaration;
use output::Said;

pub use declaration::LEAST_EVERY;
pub use values::{Value, Values};

/// Where plugins are declared unless the settings say otherwise.
pub const FOLDER: &str = "/etc/sonde/plugins";
/// Plugins of one device; the files beyond them, by name, are refused.
pub const MOST: usize = 50;
/// Before a plugin's name, in the name of its check and of its metrics.
pub(crate) const PREFIX: &str = "plugin.";
/// The check of the files that no check can be named after.
pub const UNFIT: &str = "agent.plugins";
/// Files of a folder that are looked at.
const MOST_FILES: usize = 1_000;
/// Longest file that declares a plugin.
const FILE_BYTES: u64 = 64 << 10;
/// Of what plugins have in common: their texts and how they are judged.
const VERSION: u32 = 1;

/// What stands behind a check that is a plugin.
#[derive(Debug)]
pub struct Plugin {
    /// Of its check.
    pub id: &'static str,
    what: What,
    /// Its metrics, one family for each kind of number.
    families: [Family; values::KINDS],
}

#[derive(Debug)]
enum What {
    Program(Program),
    /// Names of files and why each is refused; the name is empty where the check has that of its file.
    Refused(Vec<(String, String)>),
}

/// A program with all that its child must know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// The program's whole path, then its arguments.
    pub command: Vec<String>,
    /// Absent: nobody, or whoever runs the agent where that is not root.
    pub user: Option<String>,
    pub timeout: Duration,
}

/// How a run of a program came out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Ran {
    /// It was not started.
    Refused { why: String },
    Ended {
        /// Absent: a signal ended it.
        code: Option<i32>,
        signal: Option<i32>,
        said: Said,
    },
}

/// Refuses what somebody else could change: the path itself and every folder above it.
pub fn refuse_writable(path: &Path) -> Result<(), StateError> {
    #[cfg(unix)]
    return owned::refuse_writable(path);
    #[cfg(not(unix))]
    crate::state::refuse_writable(path)
}

/// The checks that the files of `folder` declare; none when it is not there.
///
/// # Errors
/// `Writable…` when others could put a plugin there. What is wrong with a single file is the finding of its check; that the
/// folder cannot be read is one as well.
pub fn load(folder: &Path) -> Result<Vec<&'static Check>, StateError> {
    if !folder.try_exists().unwrap_or(true) {
        return Ok(Vec::new());
    }
    match refuse_writable(folder) {
        Ok(()) => {}
        Err(error @ StateError::Io { .. }) => return Ok(vec![unreadable(folder, said(&error))]),
        Err(error) => return Err(error),
    }
    let names = std::fs::read_dir(folder).and_then(|entries| {
        let names = entries.take(MOST_FILES + 1).map(|entry| {
            let name = entry?.file_name();
            Ok(name.to_string_lossy().into_owned())
        });
        names.collect::<Result<Vec<String>, std::io::Error>>()
    });
    let mut names = match names {
        Ok(names) => names,
        Err(error) => {
            let why = format!("{}: {}", folder.display(), crate::text::reason(&error));
            return Ok(vec![unreadable(folder, why)]);
        }
    };
    // What an editor or a package manager leaves beside a file, and what says that it is hidden.
    names.retain(|name| !name.starts_with('.') && !name.ends_with('~'));
    names.sort_unstable();
    let mut unfit = Vec::new();
    let mut checks = Vec::new();
    // What has been read of the folder is not read again.
    let then = |why: String| format!("{why}, then restart the agent");
    if names.len() > MOST_FILES {
        let why = format!(
            "there are more than {MOST_FILES} files, and not all are looked at; take some away"
        );
        unfit.push((String::new(), then(why)));
    }
    for file in names {
        let name = match declaration::name_of(&file) {
            Ok(_) if checks.len() == MOST => {
                let why = format!(
                    "there are {MOST} plugins before it, which is the most; take some away"
                );
                unfit.push((shown(&file), then(why)));
                continue;
            }
            Ok(name) => name,
            Err(wrong) => {
                unfit.push((shown(&file), then(wrong.to_string())));
                continue;
            }
        };
        let path = folder.join(&file);
        checks.push(match read(name, &path) {
            Ok(declaration) => declared(name, declaration),
            Err(why) => refused(name, then(format!("{}: {why}", path.display()))),
        });
    }
    if !unfit.is_empty() {
        checks.push(self::unfit(unfit));
    }
    Ok(checks)
}

/// What one file declares, or why it declares nothing.
fn read(name: &str, path: &Path) -> Result<Declaration, String> {
    use std::io::Read as _;
    refuse_writable(path).map_err(|error| said(&error))?;
    let file = std::fs::File::open(path).map_err(|error| crate::text::reason(&error))?;
    let mut text = String::new();
    let read = file.take(FILE_BYTES + 1).read_to_string(&mut text);
    read.map_err(|error| crate::text::reason(&error))?;
    if text.len() as u64 > FILE_BYTES {
        return Err(format!("it is longer than {FILE_BYTES} bytes; shorten it"));
    }
    declaration::parse(name, &text).map_err(|wrong| shown_whole(&wrong.to_string()))
}

/// An error with what is behind it.
pub(crate) fn said(error: &StateError) -> String {
    let source = std::error::Error::source(error).map(|source| format!(": {source}"));
    shown_whole(&format!("{error}{}", source.unwrap_or_default()))
}

fn shown_whole(text: &str) -> String {
    crate::text::clean(text).into_owned()
}

fn declared(name: &str, declaration: Declaration) -> &'static Check {
    let program = Program {
        command: declaration.command,
        user: declaration.user,
        timeout: declaration.timeout,
    };
    kept(Kept {
        id: format!("{PREFIX}{name}"),
        title_en: declaration.title_en,
        title_fr: declaration.title_fr,
        every: declaration.every,
        ticket_worthy: declaration.ticket_worthy,
        what: What::Program(program),
    })
}

/// A check that says why its file declares no other.
fn refused(name: &str, why: String) -> &'static Check {
    kept(Kept {
        id: format!("{PREFIX}{name}"),
        title_en: name.to_owned(),
        title_fr: name.to_owned(),
        every: declaration::EVERY,
        ticket_worthy: false,
        what: What::Refused(vec![(String::new(), why)]),
    })
}

/// The check that says why files, or the whole folder, declare none. `files`: names, and why.
pub fn unfit(files: Vec<(String, String)>) -> &'static Check {
    kept(Kept {
        id: UNFIT.to_owned(),
        title_en: "What in the plugins' folder declares no plugin".to_owned(),
        title_fr: "Ce qui, dans le dossier des greffons, n'en déclare aucun".to_owned(),
        every: declaration::EVERY,
        ticket_worthy: false,
        what: What::Refused(files),
    })
}

/// The same of a whole folder.
pub fn unreadable(folder: &Path, why: String) -> &'static Check {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    unfit(vec![(shown(&name), why)])
}

struct Kept {
    id: String,
    title_en: String,
    title_fr: String,
    every: Duration,
    ticket_worthy: bool,
    what: What,
}

/// A check for the life of the process, like those that are built in: there are few, and they are made once.
fn kept(of: Kept) -> &'static Check {
    let forever = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    let id = forever(of.id);
    let plugin = Box::leak(Box::new(Plugin {
        id,
        what: of.what,
        families: values::families(id),
    }));
    Box::leak(Box::new(Check {
        id,
        number: 0,
        version: VERSION,
        title_en: forever(of.title_en),
        title_fr: forever(of.title_fr),
        every: of.every,
        limits: &[],
        remedies: &[],
        texts: judge::TEXTS,
        ticket_worthy: of.ticket_worthy,
        run: Run::Plugin(plugin),
    }))
}

impl Plugin {
    /// What is wrong with it as it stands, for the log; a program may be put right while the agent runs.
    pub fn complaints(&self) -> Vec<String> {
        match &self.what {
            What::Refused(files) => {
                let said = |(file, why): &(String, String)| match file.as_str() {
                    "" => format!("{}: {why}", self.id),
                    file => format!("{file}: {why}"),
                };
                files.iter().map(said).collect()
            }
            What::Program(program) => {
                let refused = refuse_writable(Path::new(&program.command[0])).err();
                let said = |error: StateError| format!("{}: {}", self.id, said(&error));
                refused.map(said).into_iter().collect()
            }
        }
    }

    /// Starts it in a worker of its own and judges how that came out. What it measured waits on the host for the next
    /// sample.
    ///
    /// # Errors
    /// Of a worker that cannot tell. That the program hangs is a finding.
    pub(crate) async fn run(&'static self, host: &Host) -> Result<Vec<Finding>, Unavailable> {
        let program = match &self.what {
            What::Program(program) => program,
            What::Refused(files) => {
                let findings = files.iter().map(|(file, why)| judge::refused(file, why));
                return Ok(findings.collect());
            }
        };
        let ran = match worker::start(host, self.id, program).await {
            Ok(ran) => ran,
            Err(late @ Unavailable::Timeout { .. }) => {
                let mut finding = Finding::new(Status::Unknown, "");
                finding.message = late.message();
                return Ok(vec![finding]);
            }
            Err(other) => return Err(other),
        };
        let n_unkept = match &ran {
            Ran::Ended { said, .. } => host.keep_values(self, &said.performance.data),
            Ran::Refused { .. } => 0,
        };
        Ok(vec![judge::judge(&ran, n_unkept)])
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
