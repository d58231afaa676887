//! What can be wrong with the store, as its callers decide by it.

use super::NotAnId;
use super::dialect::Dialect;
use crate::desk::behind;
use crate::wording::{Wording, wording};

/// Why the store did not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Full, locked or gone: nothing was written, and trying again later may help.
    #[error("the store is not available: {0}")]
    Unavailable(String),
    /// The engine was asked to commit and its answer was lost: what was asked may be written or not. Look before
    /// doing again what is not harmless to do twice.
    #[error("the store did not say whether it was written: {0}")]
    OutcomeUnknown(String),
    /// There is no such thing.
    #[error("no such {what}")]
    NotFound { what: Wording },
    /// Something is in the way that was not there when the caller last looked.
    #[error("{what}")]
    Conflict { what: Wording },
    /// What was asked for breaks a rule.
    #[error("{field}: {reason}{}", behind(.remedy.as_ref()))]
    Refused {
        field: String,
        reason: Wording,
        /// What to do about it.
        remedy: Option<Wording>,
    },
    /// The database was written by a later version of the collector.
    #[error(
        "the store has version {found} and this collector knows up to {known}: run the newer collector"
    )]
    Newer { found: i64, known: i64 },
    /// The store or its caller is broken; nothing was written.
    #[error("the store failed: {0}")]
    Broken(String),
}

impl From<crate::desk::Refusal> for StoreError {
    fn from(refusal: crate::desk::Refusal) -> Self {
        Self::Refused {
            field: refusal.field.to_owned(),
            reason: refusal.reason,
            remedy: refusal.remedy,
        }
    }
}

impl StoreError {
    pub(crate) fn refused(field: impl Into<String>, reason: Wording) -> Self {
        Self::Refused {
            field: field.into(),
            reason,
            remedy: None,
        }
    }

    /// What to do about a refusal.
    pub(crate) fn remedy(mut self, text: Wording) -> Self {
        if let Self::Refused { remedy, .. } = &mut self {
            *remedy = Some(text);
        }
        self
    }

    pub(crate) fn not_found(what: Wording) -> Self {
        Self::NotFound { what }
    }

    pub(crate) fn conflict(what: Wording) -> Self {
        Self::Conflict { what }
    }

    /// The writer has ended.
    pub(super) fn gone() -> Self {
        Self::Unavailable("it is closed".into())
    }

    /// The store's own: nothing that who asks can do anything about.
    pub(super) fn is_failure(&self) -> bool {
        match self {
            Self::Unavailable(_)
            | Self::OutcomeUnknown(_)
            | Self::Broken(_)
            | Self::Newer { .. } => true,
            Self::NotFound { .. } | Self::Conflict { .. } | Self::Refused { .. } => false,
        }
    }

    /// Trying again later may help.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::OutcomeUnknown(_))
    }
}

impl From<NotAnId> for StoreError {
    fn from(error: NotAnId) -> Self {
        Self::Broken(error.to_string())
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the driver may name further errors at any time"
)]
impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(error) => {
                let unavailable = error.code().is_some_and(|code| {
                    // PostgreSQL's codes have five characters, SQLite's numbers fewer.
                    let dialect = match code.len() {
                        5 => Dialect::Postgres,
                        _ => Dialect::Sqlite,
                    };
                    dialect.is_unavailable(&code)
                });
                match error {
                    error if unavailable => Self::Unavailable(error.to_string()),
                    error if error.is_unique_violation() => {
                        Self::conflict(wording!("it is there already"))
                    }
                    error => Self::Broken(error.to_string()),
                }
            }
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Self::Unavailable(error.to_string()),
            error => Self::Broken(error.to_string()),
        }
    }
}
