//! Folding: raw samples of an hour into a block, blocks of a day into one with its roll-ups.

use futures::future::join_all;
use sqlx::AnyConnection;

use super::super::{Query, Store, StoreError, TimeUs, Tx};
use super::block::{Block, Columns, Stored};
use super::rollup::{rolled_up, widened};
use super::{DAY_US, EVERY_SAMPLE, FIVE_MINUTES_US, HOUR_US, ONE_HOUR_US, raw};
use crate::wording::wording;

/// Hours that share a commit; of 200 series they take 6 MiB meanwhile.
const HOURS_TOGETHER: usize = 8;

/// What one round has folded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Folded {
    pub n_hours: u64,
    pub n_days: u64,
    /// Rows that nobody can read.
    pub n_set_aside: u64,
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
            self.fold_or_set_aside(due, HOUR_US, now, &mut folded)
                .await?;
        }
        for due in self.days_due(now, most).await?.chunks(1) {
            self.fold_or_set_aside(due, DAY_US, now, &mut folded)
                .await?;
        }
        Ok(folded)
    }

    /// What cannot be folded, because nobody can read it, is set aside and holds nothing else up.
    async fn fold_or_set_aside(
        &self,
        due: &[(i64, TimeUs)],
        span: i64,
        now: TimeUs,
        folded: &mut Folded,
    ) -> Result<(), StoreError> {
        let mut count = |n_folded| match span {
            HOUR_US => folded.n_hours += n_folded,
            _ => folded.n_days += n_folded,
        };
        match self.fold(due, span).await {
            Err(StoreError::Broken(_)) => {}
            n_folded => return n_folded.map(count),
        }
        let mut n_set_aside = 0;
        for one in due {
            match self.fold(&[*one], span).await {
                Ok(n_folded) => count(n_folded),
                Err(StoreError::Broken(why)) => {
                    tracing::warn!(
                        device.key = one.0,
                        start_us = one.1,
                        why,
                        "metrics that cannot be folded are set aside"
                    );
                    n_set_aside += self.set_metrics_aside(*one, span, now).await?;
                }
                Err(error) => return Err(error),
            }
        }
        folded.n_set_aside += n_set_aside;
        Ok(())
    }

    /// Folds a few spans of one length, written in one transaction; how many were folded.
    async fn fold(&self, due: &[(i64, TimeUs)], span: i64) -> Result<u64, StoreError> {
        let mut on = self.reader().await?;
        let mut fetched = Vec::with_capacity(due.len());
        for (device_key, start) in due {
            fetched.push(fetch(&mut on, *device_key, *start, span).await?);
        }
        drop(on);
        // Away from the threads that serve: it takes milliseconds.
        let made = tokio::task::spawn_blocking(move || {
            fetched.into_iter().map(|one| one.replacement()).collect()
        });
        let made: Result<Vec<Replacement>, StoreError> = made
            .await
            .map_err(|error| StoreError::Broken(error.to_string()))?;
        let writing = made?.into_iter().map(|replacement| {
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

/// What is stored of a span, as it is stored.
struct Fetched {
    device_key: i64,
    start: TimeUs,
    span: i64,
    /// What was folded of it before.
    folded: Option<Vec<u8>>,
    /// Raw rows of an hour, or a day's hours, by their times.
    parts: Vec<(TimeUs, Vec<u8>)>,
    /// A day's roll-ups by their steps, where the samples that they were made of are forgotten.
    rolled: Vec<(i64, Vec<u8>)>,
}

impl Fetched {
    /// # Errors
    /// Broken: what is stored cannot be read.
    fn replacement(self) -> Result<Replacement, StoreError> {
        let mut block = match &self.folded {
            Some(bytes) => Stored::open(bytes, self.start)?.block()?,
            None => Block::default(),
        };
        if self.span == HOUR_US {
            let mut columns = Columns::default();
            for (at, blob) in &self.parts {
                raw::decode(*at, blob, |at, values| columns.add(at, values))?;
            }
            block.merge(columns.block());
        } else {
            for (at, blob) in &self.parts {
                block.merge(Stored::open(blob, *at)?.block()?);
            }
        }
        Ok(Replacement {
            device_key: self.device_key,
            start: self.start,
            span: self.span,
            n_replaced: self.parts.len() as u64,
            blocks: self.blocks(&block)?,
        })
    }

    fn blocks(&self, block: &Block) -> Result<Vec<NewBlock>, StoreError> {
        let mut blocks = Vec::new();
        let mut put = |step, block: &Block| {
            let bytes = block.encode(self.start)?;
            blocks.push(NewBlock { step, bytes });
            Ok::<_, StoreError>(())
        };
        // Samples that come when those of their day are forgotten live on in its roll-ups alone.
        if self.rolled.is_empty() {
            put(EVERY_SAMPLE, block)?;
        }
        if self.span == DAY_US {
            for step in [FIVE_MINUTES_US, ONE_HOUR_US] {
                let rolled = rolled_up(block, step);
                let stored = self.rolled.iter().find(|(known, _)| *known == step);
                match stored {
                    Some((_, bytes)) => {
                        let stored = Stored::open(bytes, self.start)?.block()?;
                        put(step, &widened(stored, rolled))?;
                    }
                    None => put(step, &rolled)?,
                }
            }
        }
        Ok(blocks)
    }
}

async fn fetch(
    on: &mut AnyConnection,
    device_key: i64,
    start: TimeUs,
    span: i64,
) -> Result<Fetched, StoreError> {
    let mut stored = Query::new(
        "SELECT step, blob FROM metric_blocks WHERE device_key = $1 AND span = $2 AND start_at = $3 \
         AND step IN ($4, $5, $6)",
    )
    .bind(device_key)
    .bind(span)
    .bind(start)
    .bind(EVERY_SAMPLE)
    .bind(FIVE_MINUTES_US)
    .bind(ONE_HOUR_US)
    .read(on, |columns| Ok((columns.int()?, columns.bytes()?)))
    .await?;
    let at = stored.iter().position(|(step, _)| *step == EVERY_SAMPLE);
    let folded = at.map(|at| stored.swap_remove(at).1);
    if folded.is_some() {
        stored.clear();
    }
    let parts = match span {
        HOUR_US => {
            Query::new(
                "SELECT at, blob FROM metric_raw WHERE device_key = $1 AND at >= $2 AND at < $3 ORDER BY at",
            )
            .bind(device_key)
        }
        _ => Query::new(
            "SELECT start_at, blob FROM metric_blocks WHERE step = $1 AND span = $2 AND device_key = $3 \
             AND start_at >= $4 AND start_at < $5 ORDER BY start_at",
        )
        .bind(EVERY_SAMPLE)
        .bind(HOUR_US)
        .bind(device_key),
    };
    let parts = parts
        .bind(start)
        .bind(start + span)
        .read(on, |columns| Ok((columns.int()?, columns.bytes()?)))
        .await?;
    Ok(Fetched {
        device_key,
        start,
        span,
        folded,
        parts,
        rolled: stored,
    })
}

/// False: samples came in between, and it is folded another time.
fn unless_disturbed(done: Result<(), StoreError>) -> Result<bool, StoreError> {
    match done {
        Ok(()) => Ok(true),
        Err(StoreError::Conflict { .. }) => Ok(false),
        Err(error) => Err(error),
    }
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
        return Err(StoreError::conflict(wording!(
            "more samples came while they were folded"
        )));
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
mod tests;
