//! Why a finding opens nothing, as it is shown beside the finding.

use serde::Serialize;

use super::time;
use crate::store::alerts::{Silence, SilenceKind};

/// Somebody has accepted it, has muted its kind, or its device is being worked on.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(super) struct Silenced {
    kind: Kind,
    by: String,
    reason: String,
    /// None: until the finding changes.
    until: Option<String>,
}

#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
enum Kind {
    /// It opens no alert, and is not held against a ticket either.
    Acceptance,
    /// It opens no alert.
    Mute,
    /// It opens no ticket before the end.
    Maintenance,
}

impl From<Silence> for Silenced {
    fn from(silence: Silence) -> Self {
        Self {
            kind: match silence.kind {
                SilenceKind::Acceptance => Kind::Acceptance,
                SilenceKind::Mute => Kind::Mute,
                SilenceKind::Maintenance => Kind::Maintenance,
            },
            by: silence.by,
            reason: silence.reason,
            until: silence.until.map(time::shown),
        }
    }
}
