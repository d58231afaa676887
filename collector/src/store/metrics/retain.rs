//! Forgetting what is older than it is kept, a little at a time.

use super::super::{Columns, Query, ROWS_PER_STATEMENT, Store, StoreError, TimeUs, Tx, dialect};
use super::{DAY_US, EVERY_SAMPLE, FIVE_MINUTES_US, HOUR_US, ONE_HOUR_US};

/// Blocks that one step forgets of a kind: of 200 series a day's take 30 MiB.
const BLOCKS_PER_STEP: i64 = 50;
/// Small rows that one step forgets of a kind.
const ROWS_PER_STEP: i64 = 500;

/// How long what is kept, microseconds. Tickets and audit are kept until they are deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    pub samples_us: i64,
    pub rollups_us: i64,
    /// Facts that are no more, and how findings changed.
    pub history_us: i64,
    /// Reports that were refused, and metrics that nobody can read.
    pub refused_us: i64,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            samples_us: 14 * DAY_US,
            rollups_us: 400 * DAY_US,
            history_us: 400 * DAY_US,
            refused_us: 30 * DAY_US,
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
    pub n_refused: u64,
}

impl Store {
    /// Forgets some of what is too old and gives its room back: as much as others can wait for. Called again until it
    /// forgets nothing.
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
    let samples = now - keep.samples_us - DAY_US;
    let rollups = now - keep.rollups_us - DAY_US;
    for (step, span, before) in [
        (EVERY_SAMPLE, HOUR_US, samples),
        (EVERY_SAMPLE, DAY_US, samples),
        (FIVE_MINUTES_US, DAY_US, rollups),
        (ONE_HOUR_US, DAY_US, rollups),
    ] {
        forgotten.n_blocks += Query::new(
            "DELETE FROM metric_blocks WHERE (device_key, step, span, start_at) IN \
             (SELECT device_key, step, span, start_at FROM metric_blocks \
             WHERE step = $1 AND span = $2 AND start_at < $3 ORDER BY start_at LIMIT $4)",
        )
        .bind(step)
        .bind(span)
        .bind(before)
        .bind(BLOCKS_PER_STEP)
        .execute(&mut tx.on)
        .await?;
    }
    let before = now - keep.history_us;
    forgotten.n_spans = forget_spans(tx, before).await?;
    forgotten.n_findings = Query::new(
        "DELETE FROM finding_history WHERE at < $1 AND history_key < \
         (SELECT COALESCE(MIN(history_key), 0) FROM finding_history) + $2",
    )
    .bind(before)
    .bind(ROWS_PER_STEP)
    .execute(&mut tx.on)
    .await?;
    forgotten.n_events = Query::new(
        "DELETE FROM agent_events WHERE at < $1 AND event_key < \
         (SELECT COALESCE(MIN(event_key), 0) FROM agent_events) + $2",
    )
    .bind(before)
    .bind(ROWS_PER_STEP)
    .execute(&mut tx.on)
    .await?;
    let refused = now - keep.refused_us;
    for statement in [
        "DELETE FROM rejected_reports WHERE (device_key, spool_id, seq) IN \
         (SELECT device_key, spool_id, seq FROM rejected_reports WHERE at < $1 LIMIT $2)",
        "DELETE FROM metrics_aside WHERE (device_key, at, span, start_at) IN \
         (SELECT device_key, at, span, start_at FROM metrics_aside WHERE at < $1 LIMIT $2)",
    ] {
        forgotten.n_refused += Query::new(statement)
            .bind(refused)
            .bind(ROWS_PER_STEP)
            .execute(&mut tx.on)
            .await?;
    }
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
    .bind(ROWS_PER_STEP)
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
    if old.is_empty() {
        return Ok(0);
    }
    let mut n_spans = 0;
    for some in old.chunks(ROWS_PER_STATEMENT) {
        let keys = some
            .iter()
            .map(|[key @ .., _]| key.iter().map(|part| (*part).into()).collect());
        n_spans += Query::new(
            "DELETE FROM fact_spans WHERE (device_key, table_key, seen_to, key_hash, seen_from) IN (VALUES ",
        )
        .rows(keys)
        .push(")")
        .execute(&mut tx.on)
        .await?;
    }
    let mut rows: Vec<i64> = old.iter().map(|[.., row_key]| *row_key).collect();
    rows.sort_unstable();
    rows.dedup();
    for some in rows.chunks(ROWS_PER_STATEMENT) {
        let left = Query::new("SELECT row_key FROM fact_rows WHERE row_key IN ")
            .list(some.iter().copied())
            .push(
                " AND NOT EXISTS (SELECT 1 FROM fact_spans s WHERE s.row_key = fact_rows.row_key)",
            )
            .read(&mut tx.on, |columns| columns.int())
            .await?;
        for table in [
            "DELETE FROM fact_cells WHERE row_key IN ",
            "DELETE FROM fact_rows WHERE row_key IN ",
        ] {
            Query::new(table)
                .list(left.iter().copied())
                .execute(&mut tx.on)
                .await?;
        }
    }
    Ok(n_spans)
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{NOW, ask_writer, device, on_both};
    use super::*;

    /// Rows of a table, as many as `n` counts; `row` are their values by `n`.
    async fn fill(store: &Store, table: &'static str, n: i64, row: fn(i64) -> String) {
        let rows: Vec<String> = (0..n).map(row).collect();
        let text = format!("INSERT INTO {table} VALUES {} RETURNING 1", rows.join(", "));
        ask_writer(store, text.leak()).await.unwrap();
    }

    async fn count(store: &Store, table: &'static str) -> i64 {
        let text = format!("SELECT COUNT(*) FROM {table}");
        let counted = ask_writer(store, text.leak()).await.unwrap();
        counted.parse().unwrap()
    }

    #[tokio::test]
    async fn a_step_takes_no_more_than_others_can_wait_for() {
        on_both(|store| async move {
            let (_, key) = device(&store, "pc").await;
            assert_eq!(key, 1);
            let n_blocks = 2 * BLOCKS_PER_STEP + 7;
            fill(
                &store,
                "metric_blocks (device_key, step, span, start_at, blob)",
                n_blocks,
                |n| format!("(1, 0, {DAY_US}, {}, '')", n * DAY_US),
            )
            .await;
            let later = NOW + n_blocks * DAY_US;
            let mut steps = Vec::new();
            loop {
                let step = store.forget_old(Retention::default(), later).await.unwrap();
                if step == Forgotten::default() {
                    break;
                }
                steps.push(step.n_blocks);
            }
            let most = BLOCKS_PER_STEP as u64;
            assert_eq!(steps, [most, most, 7]);
            assert_eq!(count(&store, "metric_blocks").await, 0);
        })
        .await;
    }

    #[tokio::test]
    async fn rows_that_nobody_has_any_more_go_with_their_last_span() {
        on_both(|store| async move {
            device(&store, "pc").await;
            fill(&store, "fact_tables (table_key, name)", 1, |_| {
                "(1, 'services')".into()
            })
            .await;
            fill(
                &store,
                "fact_columns (column_key, table_key, name)",
                1,
                |_| "(1, 1, 'a')".into(),
            )
            .await;
            // Those of 150 rows ended long ago; of every third of them there is another that has not.
            fill(&store, "fact_rows (row_key, hash, table_key)", 150, |n| {
                format!("({}, CAST('{n}' AS BYTEA), 1)", n + 1)
            })
            .await;
            fill(&store, "fact_cells (row_key, column_key)", 150, |n| {
                format!("({}, 1)", n + 1)
            })
            .await;
            let spans = "fact_spans (device_key, table_key, key_hash, row_key, seen_from, seen_to)";
            fill(&store, spans, 150, |n| {
                format!("(1, 1, {n}, {}, 5, 9)", n + 1)
            })
            .await;
            fill(&store, spans, 50, |n| {
                format!("(1, 1, {n}, {}, 5, {})", n * 3 + 1, i64::MAX)
            })
            .await;
            let step = store.forget_old(Retention::default(), NOW).await.unwrap();
            assert_eq!(step.n_spans, 150);
            for table in ["fact_spans", "fact_rows", "fact_cells"] {
                assert_eq!(count(&store, table).await, 50, "{table}");
            }
        })
        .await;
    }
}
