//! Folding: raw samples of an hour into a block, blocks of a day into one with its roll-ups.

use std::collections::BTreeMap;

use futures::future::join_all;
use sqlx::AnyConnection;

use super::super::{Query, Store, StoreError, TimeUs, Tx};
use super::block::{Block, Columns, Stored};
use super::{DAY_US, EVERY_SAMPLE, FIVE_MINUTES_US, HOUR_US, ONE_HOUR_US, raw};

/// Hours that share a commit; of 200 series they take 6 MiB meanwhile.
const HOURS_TOGETHER: usize = 8;

/// What one round has folded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Folded {
    pub n_hours: u64,
    pub n_days: u64,
}

/// What is replaced in one transaction.
struct Replacement {
    device_key: i64,
    /// Raw rows of this span, or hour blocks.
    start: TimeUs,
    span: i64,
    /// As many are replaced as were read; more have come since: another time.
    n_replaced: u64,
    blocks: Vec<NewBlock>,
}

struct NewBlock {
    step: i64,
    bytes: Vec<u8>,
}

impl Store {
    /// Folds what is due, `most` devices' hours and as many days at most. Samples that come late for an hour that is
    /// folded are folded into it; it is called again and again.
    ///
    /// # Errors
    /// The store's own; what was folded stays folded.
    pub async fn fold_metrics(&self, now: TimeUs, most: u32) -> Result<Folded, StoreError> {
        let mut folded = Folded::default();
        for due in self.hours_due(now, most).await?.chunks(HOURS_TOGETHER) {
            folded.n_hours += self.fold_or_skip(due, HOUR_US).await?;
        }
        for due in self.days_due(now, most).await?.chunks(1) {
            folded.n_days += self.fold_or_skip(due, DAY_US).await?;
        }
        Ok(folded)
    }

    /// What cannot be folded, because nobody can read it, stays as it is and holds nothing else up.
    async fn fold_or_skip(&self, due: &[(i64, TimeUs)], span: i64) -> Result<u64, StoreError> {
        match self.fold(due, span).await {
            Err(StoreError::Broken(_)) => {}
            folded => return folded,
        }
        let mut n_folded = 0;
        for one in due {
            match self.fold(&[*one], span).await {
                Ok(n) => n_folded += n,
                Err(StoreError::Broken(why)) => {
                    tracing::warn!(
                        device.key = one.0,
                        start_us = one.1,
                        why,
                        "metrics cannot be folded"
                    );
                }
                Err(error) => return Err(error),
            }
        }
        Ok(n_folded)
    }

    /// Folds a few spans of one length, written in one transaction; how many were folded.
    async fn fold(&self, due: &[(i64, TimeUs)], span: i64) -> Result<u64, StoreError> {
        let mut on = self.reader().await?;
        let mut read = Vec::with_capacity(due.len());
        for (device_key, start) in due {
            let (block, n_replaced) = match span {
                HOUR_US => raw_hour(&mut on, *device_key, *start).await?,
                _ => hours_of_day(&mut on, *device_key, *start).await?,
            };
            read.push((*device_key, *start, n_replaced, block));
        }
        drop(on);
        let writing = encoded(span, read).await?.into_iter().map(|replacement| {
            self.write(replacement, |tx, replacement| {
                Box::pin(replace(tx, replacement))
            })
        });
        let mut n_folded = 0;
        for done in join_all(writing).await {
            n_folded += u64::from(unless_disturbed(done)?);
        }
        Ok(n_folded)
    }
}

/// An hour's raw samples with what was folded of it before, and how many raw rows there are.
async fn raw_hour(
    on: &mut AnyConnection,
    device_key: i64,
    start: TimeUs,
) -> Result<(Block, u64), StoreError> {
    let mut block = stored_block(on, device_key, HOUR_US, start).await?;
    let rows = Query::new(
        "SELECT at, blob FROM metric_raw WHERE device_key = $1 AND at >= $2 AND at < $3 ORDER BY at",
    )
    .bind(device_key)
    .bind(start)
    .bind(start + HOUR_US)
    .read(on, |columns| Ok((columns.int()?, columns.bytes()?)))
    .await?;
    let mut columns = Columns::default();
    for (at, blob) in &rows {
        raw::decode(*at, blob, |at, values| columns.add(at, values))?;
    }
    block.merge(columns.block());
    Ok((block, rows.len() as u64))
}

async fn hours_of_day(
    on: &mut AnyConnection,
    device_key: i64,
    start: TimeUs,
) -> Result<(Block, u64), StoreError> {
    let mut block = stored_block(on, device_key, DAY_US, start).await?;
    let rows = Query::new(
        "SELECT start_at, blob FROM metric_blocks WHERE device_key = $1 AND step = $2 AND span = $3 \
         AND start_at >= $4 AND start_at < $5 ORDER BY start_at",
    )
    .bind(device_key)
    .bind(EVERY_SAMPLE)
    .bind(HOUR_US)
    .bind(start)
    .bind(start + DAY_US)
    .read(on, |columns| Ok((columns.int()?, columns.bytes()?)))
    .await?;
    for (at, blob) in &rows {
        block.merge(Stored::open(blob, *at)?.block()?);
    }
    Ok((block, rows.len() as u64))
}

/// False: samples came in between, and it is folded another time.
fn unless_disturbed(done: Result<(), StoreError>) -> Result<bool, StoreError> {
    match done {
        Ok(()) => Ok(true),
        Err(StoreError::Conflict { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

/// What is stored of a span already; nothing: an empty block.
async fn stored_block(
    on: &mut AnyConnection,
    device_key: i64,
    span: i64,
    start: TimeUs,
) -> Result<Block, StoreError> {
    let stored = Query::new(
        "SELECT blob FROM metric_blocks WHERE device_key = $1 AND step = $2 AND span = $3 AND start_at = $4",
    )
    .bind(device_key)
    .bind(EVERY_SAMPLE)
    .bind(span)
    .bind(start)
    .read_optional(on, |columns| columns.bytes())
    .await?;
    match stored {
        Some(bytes) => Stored::open(&bytes, start)?.block(),
        None => Ok(Block::default()),
    }
}

/// What was read of a span: device, its start, number of rows, samples.
type Read = (i64, TimeUs, u64, Block);

/// Encodes away from the threads that serve; it takes milliseconds.
async fn encoded(span: i64, read: Vec<Read>) -> Result<Vec<Replacement>, StoreError> {
    let encode = move |(device_key, start, n_replaced, block): Read| {
        let mut blocks = vec![NewBlock {
            step: EVERY_SAMPLE,
            bytes: block.encode(start)?,
        }];
        if span == DAY_US {
            for step in [FIVE_MINUTES_US, ONE_HOUR_US] {
                let bytes = rolled_up(&block, step).encode(start)?;
                blocks.push(NewBlock { step, bytes });
            }
        }
        Ok(Replacement {
            device_key,
            start,
            span,
            n_replaced,
            blocks,
        })
    };
    tokio::task::spawn_blocking(move || read.into_iter().map(encode).collect())
        .await
        .map_err(|error| StoreError::Broken(error.to_string()))?
}

/// Of each series three: minimum, mean and maximum over each step, under its number times three and the two next.
pub(super) fn rolled_up(block: &Block, step: i64) -> Block {
    let mut rolled = Block::default();
    for (number, values) in &block.series {
        let mut slots: BTreeMap<i64, (i64, i128, i64, i128)> = BTreeMap::new();
        for (at, value) in values {
            let slot = at.div_euclid(step) * step;
            let (least, sum, most, count) = slots.entry(slot).or_insert((*value, 0, *value, 0));
            *least = (*least).min(*value);
            *most = (*most).max(*value);
            *sum += i128::from(*value);
            *count += 1;
        }
        let Some(first) = number.checked_mul(3) else {
            continue;
        };
        for (slot, (least, sum, most, count)) in slots {
            // Between the least and the most, so it fits.
            let mean = i64::try_from(sum.div_euclid(count.max(1))).unwrap_or(least);
            for (kind, value) in (0..).zip([least, mean, most]) {
                rolled.add(first + kind, slot, value);
            }
        }
    }
    rolled
}

async fn replace(tx: &mut Tx, new: &Replacement) -> Result<(), StoreError> {
    let gone = match new.span {
        HOUR_US => {
            Query::new("DELETE FROM metric_raw WHERE device_key = $1 AND at >= $2 AND at < $3")
                .bind(new.device_key)
        }
        _ => Query::new(
            "DELETE FROM metric_blocks WHERE step = $1 AND span = $2 AND device_key = $3 \
             AND start_at >= $4 AND start_at < $5",
        )
        .bind(EVERY_SAMPLE)
        .bind(HOUR_US)
        .bind(new.device_key),
    };
    let n_gone = gone
        .bind(new.start)
        .bind(new.start + new.span)
        .execute(&mut tx.on)
        .await?;
    put_in_place(tx, new, n_gone).await
}

async fn put_in_place(tx: &mut Tx, new: &Replacement, n_gone: u64) -> Result<(), StoreError> {
    if n_gone != new.n_replaced {
        // Takes the deletion back.
        return Err(StoreError::conflict(
            "more samples came while they were folded",
        ));
    }
    for block in &new.blocks {
        Query::new(
            "INSERT INTO metric_blocks (device_key, step, span, start_at, blob) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (device_key, step, span, start_at) DO UPDATE SET blob = excluded.blob",
        )
        .bind(new.device_key)
        .bind(block.step)
        .bind(new.span)
        .bind(new.start)
        .bind(&block.bytes)
        .execute(&mut tx.on)
        .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::super::reports::{Body, NewOutcome, NewReport};
    use super::super::super::testing::{NOW, ask_writer, device, on_both};
    use super::super::super::{Id, Store};
    use super::super::{NewSeries, Point, Retention, Wanted};
    use super::*;

    const STEP_US: i64 = 15_000_000;

    fn series(name: &str) -> NewSeries {
        NewSeries {
            name: name.into(),
            labels: String::new(),
            unit: "%".into(),
            scale: -1,
            counter: false,
        }
    }

    /// Samples of two series every 15 s: one that counts up, one that is always 7.
    async fn report(store: &Store, key: i64, first_seq: u64, from: i64, n_samples: u64) {
        let reports = (0..n_samples).map(|n| NewReport {
            device_key: key,
            spool_id: Id([1; 16]),
            seq: first_seq + n,
            reported_at: 0,
            corrected_at: from + n as i64 * STEP_US,
            boot_id: "b".into(),
            outcome: NewOutcome::Committed(Body::Sample(vec![(0, n as i64), (1, 7)])),
        });
        store.record_reports(reports.collect()).await.unwrap();
    }

    async fn counted(store: &Store, question: &'static str) -> String {
        ask_writer(store, question).await.unwrap()
    }

    fn whole_day(name: &str) -> Wanted {
        Wanted {
            name: Some(name.into()),
            from: NOW,
            to: NOW + DAY_US,
            ..Wanted::default()
        }
    }

    #[tokio::test]
    async fn samples_read_alike_raw_folded_to_hours_and_to_days() {
        on_both(|store| async move {
            let (_, key) = device(&store, "pc").await;
            let names = vec![series("cpu"), series("idle")];
            assert_eq!(store.name_series(key, names.clone()).await.unwrap(), [0, 1]);
            assert_eq!(store.name_series(key, names).await.unwrap(), [0, 1]);
            report(&store, key, 1, NOW, 480).await;
            let raw = store.read_metrics(key, &whole_day("cpu")).await.unwrap();
            assert_eq!(raw[0].samples.len(), 480);
            let rolled = store
                .read_rollup(key, &whole_day("cpu"), ONE_HOUR_US)
                .await
                .unwrap();
            let hours = Folded {
                n_hours: 1,
                n_days: 0,
            };
            let soon = NOW + 3 * HOUR_US;
            assert_eq!(store.fold_metrics(soon, 10).await.unwrap(), hours);
            assert_eq!(store.fold_metrics(soon, 10).await.unwrap(), hours);
            assert_eq!(
                store.fold_metrics(soon, 10).await.unwrap(),
                Folded::default()
            );
            assert_eq!(
                counted(&store, "SELECT COUNT(*) FROM metric_raw").await,
                "0"
            );
            assert_eq!(
                store.read_metrics(key, &whole_day("cpu")).await.unwrap(),
                raw
            );
            // A report that was long on its way.
            report(&store, key, 1_000, NOW + 1, 1).await;
            store
                .fold_metrics(NOW + DAY_US + 4 * HOUR_US, 10)
                .await
                .unwrap();
            let late = store.read_metrics(key, &whole_day("cpu")).await.unwrap();
            assert_eq!(late[0].samples.len(), 481);
            assert_eq!(late[0].samples[1], (NOW + 1, 0));
            let blocks = counted(&store, "SELECT COUNT(*) FROM metric_blocks").await;
            assert_eq!(blocks, "3", "a day and its two roll-ups");
            let points = store
                .read_rollup(key, &whole_day("cpu"), ONE_HOUR_US)
                .await
                .unwrap();
            assert_eq!(points[0].points[1], rolled[0].points[1]);
            let second = Point {
                at: NOW + HOUR_US,
                least: 240,
                mean: 359,
                most: 479,
            };
            assert_eq!(points[0].points[1], second);
            let idle = store.read_metrics(key, &whole_day("idle")).await.unwrap();
            assert!(idle[0].samples.iter().all(|(_, value)| *value == 7));
        })
        .await;
    }

    #[tokio::test]
    async fn what_is_older_than_it_is_kept_is_forgotten_and_roll_ups_stay() {
        on_both(|store| async move {
            let (_, key) = device(&store, "pc").await;
            store
                .name_series(key, vec![series("cpu"), series("idle")])
                .await
                .unwrap();
            report(&store, key, 1, NOW, 10).await;
            store.fold_metrics(NOW + 2 * DAY_US, 10).await.unwrap();
            let keep = Retention::default();
            let day_15 = NOW + 15 * DAY_US;
            assert_eq!(store.forget_old(keep, day_15).await.unwrap().n_blocks, 0);
            assert_eq!(
                store.forget_old(keep, day_15 + 1).await.unwrap().n_blocks,
                1
            );
            assert_eq!(
                store.read_metrics(key, &whole_day("cpu")).await.unwrap(),
                []
            );
            let rolled = store
                .read_rollup(key, &whole_day("cpu"), FIVE_MINUTES_US)
                .await
                .unwrap();
            assert_eq!(
                rolled[0].points[0],
                Point {
                    at: NOW,
                    least: 0,
                    mean: 4,
                    most: 9
                }
            );
            let gone = store.forget_old(keep, NOW + 402 * DAY_US).await.unwrap();
            assert_eq!(gone.n_blocks, 2);
        })
        .await;
    }
}
