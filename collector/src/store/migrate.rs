//! Brings the tables of a store up to this version.

use sqlx::AnyConnection;

use super::dialect::{self, Dialect};
use super::{Columns, Query, StoreError};
use crate::wording::wording;

/// Numbered from 1 in this order, never edited once released.
const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/0001_start.sql"),
    include_str!("../../migrations/0002_policies.sql"),
    include_str!("../../migrations/0003_limits.sql"),
    include_str!("../../migrations/0004_incidents.sql"),
    include_str!("../../migrations/0005_codes.sql"),
    include_str!("../../migrations/0006_desk.sql"),
    include_str!("../../migrations/0007_states.sql"),
    include_str!("../../migrations/0008_persons.sql"),
    include_str!("../../migrations/0009_search.sql"),
    include_str!("../../migrations/0010_help.sql"),
    include_str!("../../migrations/0011_webhooks.sql"),
    include_str!("../../migrations/0012_requester.sql"),
    include_str!("../../migrations/0013_rechecks.sql"),
    include_str!("../../migrations/0014_marks.sql"),
    include_str!("../../migrations/0015_help_links.sql"),
    include_str!("../../migrations/0017_desk_texts.sql"),
    include_str!("../../migrations/0018_requesters.sql"),
    include_str!("../../migrations/0020_assets.sql"),
    include_str!("../../migrations/0025_attachments.sql"),
    include_str!("../../migrations/0022_escalations.sql"),
    include_str!("../../migrations/0023_views.sql"),
    include_str!("../../migrations/0024_silences.sql"),
    include_str!("../../migrations/0026_lights.sql"),
    include_str!("../../migrations/0027_remote_tools.sql"),
    include_str!("../../migrations/0028_views_unresolved.sql"),
];

/// The names of all tables that there are.
#[cfg(test)]
pub(super) fn tables() -> Vec<&'static str> {
    let lines = MIGRATIONS.iter().flat_map(|text| text.lines());
    lines
        .filter_map(|line| line.strip_prefix("CREATE TABLE "))
        .filter_map(|rest| rest.split_whitespace().next())
        .collect()
}

/// Runs what is missing, all in one transaction.
///
/// # Errors
/// [`StoreError::Newer`] when the store has a version that is not known here.
pub(super) async fn run(on: &mut AnyConnection, dialect: Dialect) -> Result<(), StoreError> {
    dialect::run(on, dialect.begin().to_owned()).await?;
    let outcome = run_missing(on, dialect).await;
    let end = if outcome.is_ok() {
        "COMMIT"
    } else {
        "ROLLBACK"
    };
    dialect::run(on, end.to_owned()).await?;
    outcome
}

/// Nothing is missing, and nothing is changed.
///
/// # Errors
/// Refused: the store has an older version. [`StoreError::Newer`]: it has one that is not known here.
pub(super) async fn check(on: &mut AnyConnection) -> Result<(), StoreError> {
    let (found, known) = (found(on).await?, MIGRATIONS.len() as i64);
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    if found < known {
        return Err(StoreError::refused(
            "store",
            wording!(
                "it has version {}, this program makes it version {}",
                found,
                known
            ),
        ));
    }
    Ok(())
}

async fn found(on: &mut AnyConnection) -> Result<i64, StoreError> {
    let row = Query::new("SELECT COALESCE(MAX(version), 0) FROM schema_versions")
        .one(on)
        .await?;
    Columns::of(&row).int()
}

async fn run_missing(on: &mut AnyConnection, dialect: Dialect) -> Result<(), StoreError> {
    dialect::run(
        on,
        "CREATE TABLE IF NOT EXISTS schema_versions (version BIGINT PRIMARY KEY)".to_owned(),
    )
    .await?;
    let found = found(on).await?;
    let known = MIGRATIONS.len() as i64;
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    for (version, text) in (1_i64..)
        .zip(MIGRATIONS)
        .filter(|(version, _)| *version > found)
    {
        dialect::run(on, dialect.migration(text)).await?;
        Query::new("INSERT INTO schema_versions (version) VALUES ($1)")
            .bind(version)
            .execute(on)
            .await?;
    }
    Ok(())
}
