//! What went wrong, as the person at the terminal or a program reads it.

use std::io::Write as _;
use std::process::ExitCode;

use serde_json::json;

use super::output::{self, clean};
use crate::api::WrittenProblem;

/// What a shell says of a command whose reader has gone: 128 and the number of SIGPIPE.
const CLOSED: u8 = 141;

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(super) enum Failure {
    /// The collector says so.
    Problem(Box<WrittenProblem>),
    /// Nobody reads the output any more.
    Closed,
    /// Found on this side.
    Other {
        what: String,
        remedy: Option<String>,
    },
}

impl Failure {
    pub(super) fn other(what: impl Into<String>) -> Self {
        Self::Other {
            what: what.into(),
            remedy: None,
        }
    }

    pub(super) fn with_remedy(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::Other {
            what: what.into(),
            remedy: Some(remedy.into()),
        }
    }

    /// The same, with another remedy.
    pub(super) fn and_then_do(self, remedy: String) -> Self {
        let remedy = Some(remedy);
        match self {
            Self::Problem(problem) => {
                Self::Problem(Box::new(WrittenProblem { remedy, ..*problem }))
            }
            Self::Other { what, .. } => Self::Other { what, remedy },
            Self::Closed => Self::Closed,
        }
    }

    /// The same, and something that was done before.
    pub(super) fn and_say(self, more: &str) -> Self {
        match self {
            Self::Problem(mut problem) => {
                problem.detail = format!("{}; {more}", problem.detail).into();
                Self::Problem(problem)
            }
            Self::Other { what, remedy } => Self::Other {
                what: format!("{what}; {more}"),
                remedy,
            },
            Self::Closed => Self::Closed,
        }
    }

    pub(super) fn not_signed_in() -> Self {
        Self::with_remedy("nobody is signed in", "sonde login URL")
    }

    /// A word to decide by; none: it was found on this side.
    pub(super) fn kind(&self) -> Option<&str> {
        match self {
            Self::Problem(problem) => problem.kind.strip_prefix("urn:sonde:"),
            Self::Other { .. } | Self::Closed => None,
        }
    }

    /// Prints it and gives the exit code.
    pub(super) fn report(&self, json: bool) -> ExitCode {
        let mut stderr = std::io::stderr().lock();
        let written = match (self, json) {
            (Self::Closed, _) => return ExitCode::from(CLOSED),
            (Self::Problem(problem), true) => {
                let text = output::json(problem, false).unwrap_or_default();
                writeln!(stderr, "{text}")
            }
            (Self::Other { what, remedy }, true) => {
                let failure = json!({ "detail": what, "remedy": remedy });
                let text = output::json(&failure, false).unwrap_or_default();
                writeln!(stderr, "{text}")
            }
            (Self::Problem(problem), false) => {
                let field = problem
                    .field
                    .as_ref()
                    .map(|field| format!("{field}: "))
                    .unwrap_or_default();
                let text = clean(&format!("sonde: {field}{}", problem.detail));
                let wait = |seconds| format!("try again in {seconds} s");
                let remedy = problem.remedy.as_deref().map(clean);
                let remedy = remedy.or(problem.retry_after.map(wait));
                say(&mut stderr, &text, remedy.as_deref())
            }
            (Self::Other { what, remedy }, false) => {
                // Its lines are this side's own.
                let text = sonde_proto::text::clean(what, usize::MAX, true);
                let remedy = remedy.as_deref().map(clean);
                say(&mut stderr, &format!("sonde: {text}"), remedy.as_deref())
            }
        };
        // Where not even the error can be written, nothing is left to do.
        written.map_or(ExitCode::from(2), |()| ExitCode::FAILURE)
    }
}

fn say(out: &mut impl std::io::Write, text: &str, remedy: Option<&str>) -> std::io::Result<()> {
    writeln!(out, "{text}")?;
    match remedy {
        Some(remedy) => writeln!(out, "       {remedy}"),
        None => Ok(()),
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Self::Closed;
        }
        Self::other(error.to_string())
    }
}
