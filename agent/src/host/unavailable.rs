//! Why something cannot be told.

use std::io;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sonde_proto::message::{Argument, ArgumentValue};

use crate::finding::{Message, Text};

/// The machine does not say. Never an answer, always with its reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Unavailable {
    /// This user may not.
    #[error("this user has no permission for {what}")]
    Permission { what: String },
    /// The machine has none.
    #[error("there is no {what}")]
    Absent { what: String },
    #[error("{what} gave no answer within {} ms", .after.as_millis())]
    Timeout { what: String, after: Duration },
    #[error("{what} is not known on this operating system")]
    Unsupported { what: String },
    /// All worker children are taken, by reads that are stuck.
    #[error("{what} was not read, every worker is busy")]
    Busy { what: String },
    #[error("{what} could not be read: {why}")]
    Broken { what: String, why: String },
}

/// Texts of `Unavailable::message`, known to every check.
pub const TEXTS: &[Text] = &[
    Text::technician(
        "unavailable.permission",
        "Cannot tell: this user has no permission for {what}",
        "Indéterminé : cet utilisateur n'a pas la permission pour {what}",
    ),
    Text::technician(
        "unavailable.absent",
        "Cannot tell: there is no {what}",
        "Indéterminé : absent de cette machine : {what}",
    ),
    Text::technician(
        "unavailable.timeout",
        "Cannot tell: {what} gave no answer within {after}",
        "Indéterminé : {what} n'a pas répondu en {after}",
    ),
    Text::technician(
        "unavailable.unsupported",
        "Cannot tell: {what} is not known on this operating system",
        "Indéterminé : {what} est inconnu sur ce système d'exploitation",
    ),
    Text::technician(
        "unavailable.busy",
        "Cannot tell: {what} was not read, every worker is busy",
        "Indéterminé : {what} n'a pas été lu, tous les processus auxiliaires sont occupés",
    ),
    Text::technician(
        "unavailable.broken",
        "Cannot tell: {what} could not be read ({why})",
        "Indéterminé : {what} n'a pas pu être lu ({why})",
    ),
];

impl Unavailable {
    /// The machine was too busy, and may say it a little later.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Timeout { .. } | Self::Busy { .. } => true,
            Self::Permission { .. }
            | Self::Absent { .. }
            | Self::Unsupported { .. }
            | Self::Broken { .. } => false,
        }
    }

    pub fn absent(what: impl Into<String>) -> Self {
        Self::Absent { what: what.into() }
    }

    pub fn broken(what: impl Into<String>, why: impl ToString) -> Self {
        Self::Broken {
            what: what.into(),
            why: why.to_string(),
        }
    }

    /// Of an operation on `what` that the operating system refused.
    pub fn io(what: &str, error: &io::Error) -> Self {
        let what = what.to_owned();
        if error.kind() == io::ErrorKind::PermissionDenied {
            Self::Permission { what }
        } else if error.kind() == io::ErrorKind::NotFound {
            Self::Absent { what }
        } else if error.kind() == io::ErrorKind::TimedOut {
            Self::Timeout {
                what,
                after: Duration::ZERO,
            }
        } else {
            Self::Broken {
                why: crate::text::reason(error),
                what,
            }
        }
    }

    pub fn what(&self) -> &str {
        match self {
            Self::Permission { what }
            | Self::Absent { what }
            | Self::Timeout { what, .. }
            | Self::Unsupported { what }
            | Self::Busy { what }
            | Self::Broken { what, .. } => what,
        }
    }

    /// For people, by one of `TEXTS`.
    pub fn message(&self) -> Message {
        let mut arguments = vec![Argument {
            name: "what".into(),
            value: ArgumentValue::Text(self.what().to_owned()),
        }];
        let id = match self {
            Self::Permission { .. } => "unavailable.permission",
            Self::Absent { .. } => "unavailable.absent",
            Self::Unsupported { .. } => "unavailable.unsupported",
            Self::Busy { .. } => "unavailable.busy",
            Self::Timeout { after, .. } => {
                arguments.push(Argument {
                    name: "after".into(),
                    value: ArgumentValue::DurationUs(after.as_micros() as i64),
                });
                "unavailable.timeout"
            }
            Self::Broken { why, .. } => {
                arguments.push(Argument {
                    name: "why".into(),
                    value: ArgumentValue::Text(why.clone()),
                });
                "unavailable.broken"
            }
        };
        Message {
            id: id.into(),
            arguments,
        }
    }
}
