//! Metrics that cannot be read: kept apart as they are, so that what comes after them is folded.

use super::super::{Query, Store, StoreError, TimeUs, Tx};
use super::{EVERY_SAMPLE, HOUR_US};

impl Store {
    /// Sets aside what was to be folded of a device's hour or day. Gives how many rows.
    ///
    /// # Errors
    /// The store's own.
    pub(super) async fn set_metrics_aside(
        &self,
        of: (i64, TimeUs),
        span: i64,
        now: TimeUs,
    ) -> Result<u64, StoreError> {
        self.write((of, span, now), |tx, (of, span, now)| {
            Box::pin(set_aside(tx, *of, *span, *now))
        })
        .await
    }
}

async fn set_aside(
    tx: &mut Tx,
    (device_key, start): (i64, TimeUs),
    span: i64,
    now: TimeUs,
) -> Result<u64, StoreError> {
    let mut n_rows = 0;
    // What was folded before, if anything, and either raw rows or hours.
    let blocks = "FROM metric_blocks WHERE device_key = $1 AND start_at >= $2 AND start_at < $3 AND step = $4 \
                  AND span <= $5";
    let raw = "FROM metric_raw WHERE device_key = $1 AND at >= $2 AND at < $3";
    for (columns, rows) in [("span, start_at", blocks), ("0, at", raw)] {
        let is_raw = rows == raw;
        if is_raw && span != HOUR_US {
            continue;
        }
        let bound = |query: Query| {
            let query = query
                .push(rows)
                .bind(device_key)
                .bind(start)
                .bind(start + span);
            match is_raw {
                true => query,
                false => query.bind(EVERY_SAMPLE).bind(span),
            }
        };
        let kept = Query::new(
            "INSERT INTO metrics_aside (device_key, span, start_at, blob, at) SELECT device_key, ",
        )
        .push(columns)
        .push(&format!(", blob, CAST({now} AS BIGINT) "));
        bound(kept).execute(&mut tx.on).await?;
        n_rows += bound(Query::new("DELETE ")).execute(&mut tx.on).await?;
    }
    Ok(n_rows)
}
