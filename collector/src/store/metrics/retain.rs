//! Forgetting what is older than it is kept, a little at a time.

use super::super::{Columns, Query, Store, StoreError, TimeUs, Tx, dialect};
use super::{DAY_US, EVERY_SAMPLE};

/// Rows that one round forgets of a kind.
const ROWS_PER_ROUND: i64 = 5_000;

/// How long what is kept, microseconds. Tickets and audit are kept until they are deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    pub samples_us: i64,
    pub rollups_us: i64,
    /// Facts that are no more, and how findings changed.
    pub history_us: i64,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            samples_us: 14 * DAY_US,
            rollups_us: 400 * DAY_US,
            history_us: 400 * DAY_US,
        }
    }
}

/// What one round has forgotten.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Forgotten {
    pub n_blocks: u64,
    pub n_spans: u64,
    pub n_findings: u64,
    pub n_events: u64,
}

impl Store {
    /// Forgets some of what is too old and gives its room back. Called again until it forgets nothing.
    ///
    /// # Errors
    /// The store's own.
    pub async fn forget_old(
        &self,
        retention: Retention,
        now: TimeUs,
    ) -> Result<Forgotten, StoreError> {
        self.write((retention, now), |tx, (retention, now)| {
            Box::pin(forget(tx, *retention, *now))
        })
        .await
    }
}

async fn forget(tx: &mut Tx, keep: Retention, now: TimeUs) -> Result<Forgotten, StoreError> {
    let mut forgotten = Forgotten::default();
    // A block ends a day after its start at the latest.
    for (step, before) in [
        ("step = ", now - keep.samples_us - DAY_US),
        ("step > ", now - keep.rollups_us - DAY_US),
    ] {
        let oldest =
            Query::new("SELECT device_key, step, span, start_at FROM metric_blocks WHERE ")
                .push(step)
                .arg(EVERY_SAMPLE)
                .push(" AND start_at < ")
                .arg(before)
                .push(" LIMIT ")
                .arg(ROWS_PER_ROUND)
                .read(&mut tx.on, |columns| {
                    Ok([
                        columns.int()?,
                        columns.int()?,
                        columns.int()?,
                        columns.int()?,
                    ])
                })
                .await?;
        for [device_key, step, span, start_at] in oldest {
            forgotten.n_blocks += Query::new(
                "DELETE FROM metric_blocks WHERE device_key = $1 AND step = $2 AND span = $3 AND start_at = $4",
            )
            .bind(device_key)
            .bind(step)
            .bind(span)
            .bind(start_at)
            .execute(&mut tx.on)
            .await?;
        }
    }
    let before = now - keep.history_us;
    forgotten.n_spans = forget_spans(tx, before).await?;
    forgotten.n_findings = Query::new(
        "DELETE FROM finding_history WHERE at < $1 AND history_key < \
         (SELECT COALESCE(MIN(history_key), 0) FROM finding_history) + $2",
    )
    .bind(before)
    .bind(ROWS_PER_ROUND)
    .execute(&mut tx.on)
    .await?;
    forgotten.n_events = Query::new(
        "DELETE FROM agent_events WHERE at < $1 AND event_key < \
         (SELECT COALESCE(MIN(event_key), 0) FROM agent_events) + $2",
    )
    .bind(before)
    .bind(ROWS_PER_ROUND)
    .execute(&mut tx.on)
    .await?;
    if let Some(statement) = tx.dialect.give_back_room() {
        dialect::run(&mut tx.on, statement.to_owned()).await?;
    }
    Ok(forgotten)
}

/// Spans that ended long ago, and the rows that nobody has any more.
async fn forget_spans(tx: &mut Tx, before: TimeUs) -> Result<u64, StoreError> {
    let old = Query::new(
        "SELECT device_key, table_key, seen_to, key_hash, seen_from, row_key FROM fact_spans \
         WHERE seen_to < 9223372036854775807 AND seen_to < $1 LIMIT $2",
    )
    .bind(before)
    .bind(ROWS_PER_ROUND)
    .read(&mut tx.on, |columns: &mut Columns<'_>| {
        Ok([
            columns.int()?,
            columns.int()?,
            columns.int()?,
            columns.int()?,
            columns.int()?,
            columns.int()?,
        ])
    })
    .await?;
    let mut n_spans = 0;
    for [device_key, table_key, seen_to, key_hash, seen_from, row_key] in old {
        n_spans += Query::new(
            "DELETE FROM fact_spans WHERE device_key = $1 AND table_key = $2 AND seen_to = $3 AND key_hash = $4 \
             AND seen_from = $5",
        )
        .bind(device_key)
        .bind(table_key)
        .bind(seen_to)
        .bind(key_hash)
        .bind(seen_from)
        .execute(&mut tx.on)
        .await?;
        let had = Query::new("SELECT row_key FROM fact_spans WHERE row_key = $1 LIMIT 1")
            .bind(row_key)
            .read_optional(&mut tx.on, |columns| columns.int())
            .await?;
        if had.is_none() {
            for statement in [
                "DELETE FROM fact_cells WHERE row_key = $1",
                "DELETE FROM fact_rows WHERE row_key = $1",
            ] {
                Query::new(statement)
                    .bind(row_key)
                    .execute(&mut tx.on)
                    .await?;
            }
        }
    }
    Ok(n_spans)
}
