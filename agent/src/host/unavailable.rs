//! Why something cannot be told.

use std::io;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sonde_proto::message::{Argument, ArgumentValue};

use super::Phrase;
use crate::finding::{Message, Text};

/// The machine does not say. Never an answer, always with its reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Unavailable {
    /// This user may not.
    #[error("this user has no permission for {what}")]
    Permission { what: Phrase },
    /// The machine has none.
    #[error("there is no {what}")]
    Absent { what: Phrase },
    #[error("{what} gave no answer within {} ms", .after.as_millis())]
    Timeout { what: Phrase, after: Duration },
    #[error("{what} is not known on this operating system")]
    Unsupported { what: Phrase },
    /// All worker children are taken, by reads that are stuck.
    #[error("{what} was not read, every worker is busy")]
    Busy { what: Phrase },
    #[error("{what} could not be read: {why}")]
    Broken { what: Phrase, why: Phrase },
}

/// Texts of `Unavailable::message`, known to every check. The French puts `{what}` where its gender does not matter.
pub const TEXTS: &[Text] = &[
    Text::technician(
        "unavailable.permission",
        "Cannot tell: this user has no permission for {what}",
        "Indéterminé : permission refusée à cet utilisateur : {what}",
    ),
    Text::technician(
        "unavailable.absent",
        "Cannot tell: there is no {what}",
        "Indéterminé : introuvable sur cette machine : {what}",
    ),
    Text::technician(
        "unavailable.timeout",
        "Cannot tell: {what} gave no answer within {after}",
        "Indéterminé : pas de réponse en {after} : {what}",
    ),
    Text::technician(
        "unavailable.unsupported",
        "Cannot tell: {what} is not known on this operating system",
        "Indéterminé : sans prise en charge sur ce système d'exploitation : {what}",
    ),
    Text::technician(
        "unavailable.busy",
        "Cannot tell: {what} was not read, every worker is busy",
        "Indéterminé : tous les processus auxiliaires sont occupés, pas de lecture : {what}",
    ),
    Text::technician(
        "unavailable.broken",
        "Cannot tell: {what} could not be read ({why})",
        "Indéterminé : lecture impossible : {what} ({why})",
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

    pub fn absent(what: impl Into<Phrase>) -> Self {
        Self::Absent { what: what.into() }
    }

    pub fn broken(what: impl Into<Phrase>, why: impl Into<Phrase>) -> Self {
        Self::Broken {
            what: what.into(),
            why: why.into(),
        }
    }

    /// Of an operation on `what` that the operating system refused.
    pub fn io(what: impl Into<Phrase>, error: &io::Error) -> Self {
        let what = what.into();
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
                why: crate::text::reason(error).into(),
                what,
            }
        }
    }

    pub fn what(&self) -> &Phrase {
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
        let said = |name: &'static str, phrase: &Phrase| Argument {
            name: name.into(),
            value: phrase.clone().into(),
        };
        let mut arguments = vec![said("what", self.what())];
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
                arguments.push(said("why", why));
                "unavailable.broken"
            }
        };
        Message {
            id: id.into(),
            arguments,
        }
    }
}
