//! What a job was asked for, part by part.

use serde::Serialize;

use crate::work::{Phase, Request};

/// Of one kind of job; the parts of the others are null.
#[derive(Debug, Default, Serialize, utoipa::ToSchema)]
pub(super) struct AskedFor {
    /// Ids of checks; empty: all of them.
    checks: Option<Vec<String>>,
    /// Id of an action.
    action: Option<String>,
    phase: Option<Phase>,
    /// Id of the job whose change is taken back.
    undo_of: Option<String>,
    /// Name of a table; its rows are `table`.
    table_name: Option<String>,
    /// Id of the thing without an agent that is looked for.
    asset: Option<String>,
}

impl AskedFor {
    /// `request`: as the store keeps it.
    pub(super) fn of(request: &str) -> Self {
        match serde_json::from_str(request) {
            Ok(Request::Checks { checks }) => Self {
                checks: Some(checks),
                ..Self::default()
            },
            Ok(Request::Action {
                action,
                phase,
                undo_of,
                ..
            }) => Self {
                action: Some(action),
                phase: Some(phase),
                undo_of,
                ..Self::default()
            },
            Ok(Request::Table { table, .. }) => Self {
                table_name: Some(table),
                ..Self::default()
            },
            Ok(Request::Probe { asset, .. }) => Self {
                asset: Some(asset),
                ..Self::default()
            },
            // Of another version, or nothing more to say.
            Ok(Request::Live { .. }) | Err(_) => Self::default(),
        }
    }
}
