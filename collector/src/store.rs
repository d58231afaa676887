//! The record: everything the collector knows, in SQLite or PostgreSQL. All SQL stands in here and nowhere else.
//!
//! One writer commits what queued up while it was committing; reads go through a pool. Times are microseconds
//! since 1970 UTC, truth values 0 and 1.

mod dialect;
mod error;
mod id;
mod migrate;
mod query;
#[cfg(test)]
pub(crate) mod testing;
mod writer;

pub mod accounts;
pub mod alerts;
pub mod assets;
pub mod attachments;
pub mod audit;
pub mod consent;
pub mod declarations;
pub mod desk_rules;
pub mod desk_texts;
pub mod devices;
pub mod facts;
pub mod findings;
pub mod help_links;
pub mod idempotency;
pub mod intake;
pub mod links;
pub mod listening;
pub mod metrics;
pub mod persons;
pub mod policies;
pub mod remote_tools;
pub mod reports;
pub mod search;
pub mod sites;
pub mod snapshots;
pub mod tickets;
pub mod tokens;
pub mod views;
pub mod webhooks;
pub mod work;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::future::BoxFuture;
use sqlx::any::AnyPoolOptions;
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool};
use tokio::sync::mpsc;

use dialect::Dialect;
pub use error::StoreError;
pub use id::{DeviceId, Id, NotAnId, random_bytes};
pub(crate) use query::{Columns, Query, Value, escape_like};
pub use writer::Tally;
pub(crate) use writer::Tx;
use writer::{Message, Writer};

/// Connections that read at the same time.
const READERS: u32 = 4;
/// How long a reader waits for a connection before the store counts as unavailable.
const READER_WAIT: Duration = Duration::from_secs(2);
/// Commands that may wait for the writer; who comes later waits to get in.
const WRITER_QUEUE: usize = 1_024;
/// Rows that one statement inserts.
pub(crate) const ROWS_PER_STATEMENT: usize = 100;

/// Whose deed it is when nobody asked for it.
pub(crate) const COLLECTOR: &str = "collector";

/// A moment, microseconds since 1970 UTC.
pub type TimeUs = i64;

/// Handle to the record; clones share it.
#[derive(Clone)]
pub struct Store {
    readers: AnyPool,
    writer: mpsc::Sender<Message>,
    shared: Arc<Shared>,
    dialect: Dialect,
}

/// What all clones of a store share beside its connections.
#[derive(Default)]
struct Shared {
    counts: writer::Counts,
    /// A transaction was taken back for want of the engine, and none was seen to be written since.
    cannot_write: AtomicBool,
}

/// What the writer has done since the store was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    pub n_commits: u64,
    pub n_commands: u64,
    pub n_failed: u64,
    /// Readers that asked for a connection,
    pub n_reads: u64,
    /// and those that got none.
    pub n_unread: u64,
    pub kept: Tally,
}

impl Store {
    /// Opens `sqlite:PATH` or `postgres://…` and brings its tables up to this version.
    ///
    /// # Errors
    /// [`StoreError::Newer`] when a later version has written it, [`StoreError::Unavailable`] when it cannot be
    /// reached.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let (mut writer, address, dialect) = Self::writer(url)?;
        migrate::run(writer.connected().await?, dialect).await?;
        Self::with(writer, &address, dialect)
    }

    /// Opens a store that another process works on, with the tables as they are.
    ///
    /// # Errors
    /// Refused: its tables are of an earlier version; else as [`Self::open`].
    pub async fn open_beside_another(url: &str) -> Result<Self, StoreError> {
        let (mut writer, address, dialect) = Self::writer(url)?;
        migrate::check(writer.connected().await?).await?;
        Self::with(writer, &address, dialect)
    }

    fn writer(url: &str) -> Result<(Writer, String, Dialect), StoreError> {
        sqlx::any::install_default_drivers();
        let dialect = Dialect::of(url)?;
        let address = dialect.address(url);
        Ok((Writer::new(address.clone(), dialect), address, dialect))
    }

    fn with(writer: Writer, address: &str, dialect: Dialect) -> Result<Self, StoreError> {
        let readers = AnyPoolOptions::new()
            .max_connections(READERS)
            .min_connections(1)
            .acquire_timeout(READER_WAIT)
            .after_connect(move |on, _| {
                Box::pin(async move {
                    dialect
                        .prepare_reader(on)
                        .await
                        .map_err(|error| sqlx::Error::Protocol(error.to_string()))
                })
            })
            .connect_lazy(address)?;
        let shared = Arc::new(Shared::default());
        let (sender, queue) = mpsc::channel(WRITER_QUEUE);
        tokio::spawn(writer.run(queue, Arc::clone(&shared)));
        Ok(Self {
            readers,
            writer: sender,
            shared,
            dialect,
        })
    }

    /// Waits until what was handed to the writer before is committed, then closes all connections.
    pub async fn close(&self) {
        let (reply, closed) = tokio::sync::oneshot::channel();
        if self.writer.send(Message::Close(reply)).await.is_ok() {
            // An error means that the writer is gone already.
            closed.await.unwrap_or_default();
        }
        self.readers.close().await;
    }

    /// Whether the store answers, and takes what is written. A full disk reads well: after a failure it is tried.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let mut on = self.reader().await?;
        Query::new("SELECT COUNT(*) FROM schema_versions")
            .one(&mut on)
            .await?;
        drop(on);
        if self.shared.cannot_write.load(Ordering::Relaxed) {
            let tried =
                tokio::time::timeout(READER_WAIT, self.write((), |tx, ()| try_to_write(tx)));
            tried
                .await
                .unwrap_or_else(|_| Err(StoreError::Unavailable("it takes nothing".into())))?;
            self.shared.cannot_write.store(false, Ordering::Relaxed);
        }
        Ok(())
    }

    /// What the writer has done since the store was opened.
    pub fn written(&self) -> Written {
        self.shared.counts.read()
    }

    /// A connection that only reads.
    pub(crate) async fn reader(&self) -> Result<PoolConnection<Any>, StoreError> {
        let counts = &self.shared.counts;
        counts.n_reads.fetch_add(1, Ordering::Relaxed);
        let acquired = self.readers.acquire().await;
        if acquired.is_err() {
            counts.n_unread.fetch_add(1, Ordering::Relaxed);
        }
        Ok(acquired?)
    }

    /// Does `work` inside a transaction and answers when it is committed. It may be run together with others',
    /// whose failures do not touch it; its own takes back only what it did itself.
    pub(crate) async fn write<I, T>(
        &self,
        input: I,
        work: for<'c> fn(&'c mut Tx, &'c I) -> BoxFuture<'c, Result<T, StoreError>>,
    ) -> Result<T, StoreError>
    where
        I: Send + Sync + 'static,
        T: Send + 'static,
    {
        let (command, answer) = writer::command(input, work);
        self.hand_over(Message::Command(command)).await?;
        answer.await.map_err(|_| StoreError::gone())?
    }

    async fn hand_over(&self, message: Message) -> Result<(), StoreError> {
        self.writer
            .send(message)
            .await
            .map_err(|_| StoreError::gone())
    }
}

/// Writes what stands there already: the engine has to find room for it all the same.
fn try_to_write(tx: &mut Tx) -> BoxFuture<'_, Result<(), StoreError>> {
    Box::pin(async move {
        Query::new("UPDATE schema_versions SET version = version")
            .execute(&mut tx.on)
            .await?;
        Ok(())
    })
}

/// Rows of the statements that insert many: few different texts, so that each is prepared once.
const ROWS_OF_STATEMENTS: [usize; 4] = [ROWS_PER_STATEMENT, 25, 5, 1];

/// Inserts rows, a hundred a statement at most: `head` + the rows + `tail`.
pub(crate) async fn insert_rows(
    on: &mut AnyConnection,
    head: &'static str,
    mut rows: Vec<Vec<Value>>,
    tail: &'static str,
) -> Result<u64, StoreError> {
    let mut n_rows = 0;
    for size in ROWS_OF_STATEMENTS {
        while rows.len() >= size {
            let first = rows.drain(..size);
            n_rows += Query::new(head).rows(first).push(tail).execute(on).await?;
        }
    }
    Ok(n_rows)
}
