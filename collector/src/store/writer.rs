//! The one writer. What somebody may be waiting for is committed at once when it is idle, reports that nobody waits for
//! after a moment in which others come; what queues up while it commits goes together into the next transaction, each
//! command behind a savepoint of its own, so that one that fails takes nothing else with it.

mod command;
mod counts;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures::FutureExt;
use sqlx::{AnyConnection, Connection};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout, timeout_at};

use super::dialect::{self, Dialect};
use super::facts::FactCache;
use super::metrics::KindCache;
use super::reports::SpoolCache;
use super::{Shared, StoreError};
use command::Group;
pub(super) use command::{Command, Message, Reports, command};
pub(super) use counts::Counts;

/// A new connection is there within this.
const CONNECT: Duration = Duration::from_secs(10);
/// How long reports wait for others to share their commit.
const GATHER: Duration = Duration::from_millis(10);

/// The writer's connection inside a transaction, with what it remembers of the tables.
pub(crate) struct Tx {
    pub(super) on: AnyConnection,
    pub(super) spools: SpoolCache,
    pub(super) facts: FactCache,
    pub(super) kinds: KindCache,
    pub(super) dialect: Dialect,
}

/// Owns the connection that writes.
pub(super) struct Writer {
    address: String,
    dialect: Dialect,
    tx: Option<Tx>,
}

impl Writer {
    pub(super) fn new(address: String, dialect: Dialect) -> Self {
        Self {
            address,
            dialect,
            tx: None,
        }
    }

    /// The connection, made if there is none.
    pub(super) async fn connected(&mut self) -> Result<&mut AnyConnection, StoreError> {
        Ok(&mut self.transaction().await?.on)
    }

    async fn transaction(&mut self) -> Result<&mut Tx, StoreError> {
        if self.tx.is_none() {
            let connecting = timeout(CONNECT, connect(&self.address, self.dialect));
            let on = connecting.await.map_err(|_| no_answer(CONNECT))??;
            self.tx = Some(Tx {
                on,
                spools: SpoolCache::default(),
                facts: FactCache::default(),
                kinds: KindCache::default(),
                dialect: self.dialect,
            });
        }
        self.tx.as_mut().ok_or_else(StoreError::gone)
    }

    /// Works until it is closed or all handles to the store are gone.
    pub(super) async fn run(mut self, mut queue: mpsc::Receiver<Message>, shared: Arc<Shared>) {
        let mut closing = None;
        while closing.is_none() {
            let Some(first) = queue.recv().await else {
                break;
            };
            let mut group = Group::default();
            closing = group.add(first);
            if closing.is_none() {
                closing = gather(&mut group, &mut queue).await;
            }
            let commands = group.commands();
            if !commands.is_empty() {
                self.commit(commands, &shared).await;
            }
        }
        if let Some(tx) = self.tx.take()
            && let Err(error) = tx.on.close().await
        {
            tracing::warn!(%error, "the store did not close in good order");
        }
        if let Some(reply) = closing {
            // Who closed it may have gone.
            reply.send(()).unwrap_or_default();
        }
    }

    /// Runs the commands in one transaction and answers each.
    async fn commit(&mut self, mut commands: Vec<Box<dyn Command>>, shared: &Shared) {
        let counts = &shared.counts;
        let n_commands = commands.len() as u64;
        counts.n_commands.fetch_add(n_commands, Ordering::Relaxed);
        let outcomes = match self.dialect.transaction_limit() {
            Some(limit) => timeout(limit, self.try_commit(&mut commands))
                .await
                .unwrap_or_else(|_| Err(no_answer(limit))),
            None => self.try_commit(&mut commands).await,
        };
        match outcomes {
            Ok(outcomes) => {
                counts.n_commits.fetch_add(1, Ordering::Relaxed);
                for (command, outcome) in commands.into_iter().zip(outcomes) {
                    // What is refused is an answer like another.
                    if outcome.as_ref().is_err_and(StoreError::is_failure) {
                        counts.n_failed.fetch_add(1, Ordering::Relaxed);
                    }
                    command.answer(outcome);
                }
            }
            Err(error) => {
                counts.n_failed.fetch_add(n_commands, Ordering::Relaxed);
                // What state the connection is in is not known.
                self.tx = None;
                if error.is_unavailable() {
                    shared.cannot_write.store(true, Ordering::Relaxed);
                }
                tracing::warn!(%error, "the store took back a transaction");
                for command in commands {
                    command.answer(Err(error.clone()));
                }
            }
        }
    }

    /// Each command's own outcome, or why none of them was committed.
    async fn try_commit(
        &mut self,
        commands: &mut [Box<dyn Command>],
    ) -> Result<Vec<Result<(), StoreError>>, StoreError> {
        let tx = self.begun().await?;
        if let [command] = commands {
            let outcome = run_one(command, tx).await;
            if let Err(StoreError::Unavailable(why)) = outcome {
                return Err(StoreError::Unavailable(why));
            }
            let end = if outcome.is_ok() {
                "COMMIT"
            } else {
                "ROLLBACK"
            };
            tx.say(end).await?;
            if outcome.is_err() {
                tx.forget();
            }
            return Ok(vec![outcome]);
        }
        let mut outcomes = Vec::with_capacity(commands.len());
        for command in commands {
            tx.savepoint().await?;
            let outcome = run_one(command, tx).await;
            match &outcome {
                Ok(()) => tx.release().await?,
                Err(StoreError::Unavailable(why)) => {
                    return Err(StoreError::Unavailable(why.clone()));
                }
                Err(_) => tx.take_back().await?,
            }
            outcomes.push(outcome);
        }
        tx.say("COMMIT").await?;
        Ok(outcomes)
    }

    /// Begins a transaction; a connection that was cut since the last one is made anew.
    async fn begun(&mut self) -> Result<&mut Tx, StoreError> {
        let begin = self.dialect.begin();
        let was_connected = self.tx.is_some();
        let begun = self.transaction().await?.say(begin).await;
        match begun {
            Ok(()) => {}
            Err(_) if was_connected => {
                self.tx = None;
                self.transaction().await?.say(begin).await?;
            }
            Err(error) => return Err(error),
        }
        self.transaction().await
    }
}

impl Tx {
    /// What is remembered may have been taken back.
    fn forget(&mut self) {
        self.spools = SpoolCache::default();
        self.facts = FactCache::default();
        self.kinds = KindCache::default();
    }

    async fn say(&mut self, text: &'static str) -> Result<(), StoreError> {
        dialect::run(&mut self.on, text.to_owned())
            .await
            .map_err(|error| match error.is_unavailable() {
                true => error,
                false => StoreError::Unavailable(error.to_string()),
            })
    }

    pub(super) async fn savepoint(&mut self) -> Result<(), StoreError> {
        self.say("SAVEPOINT one").await
    }

    pub(super) async fn release(&mut self) -> Result<(), StoreError> {
        self.say("RELEASE SAVEPOINT one").await
    }

    /// Undoes everything since the savepoint.
    pub(super) async fn take_back(&mut self) -> Result<(), StoreError> {
        self.forget();
        self.say("ROLLBACK TO SAVEPOINT one; RELEASE SAVEPOINT one")
            .await
    }
}

/// Takes what has come, and what comes soon if nothing that has come is urgent.
async fn gather(
    group: &mut Group,
    queue: &mut mpsc::Receiver<Message>,
) -> Option<oneshot::Sender<()>> {
    let until = Instant::now() + GATHER;
    while group.has_room() {
        let message = match queue.try_recv() {
            Ok(message) => message,
            Err(_) if group.is_urgent() => break,
            Err(_) => match timeout_at(until, queue.recv()).await {
                Ok(Some(message)) => message,
                Ok(None) | Err(_) => break,
            },
        };
        let closing = group.add(message);
        if closing.is_some() {
            return closing;
        }
    }
    None
}

/// A command that panics has failed like any other; the writer goes on.
async fn run_one(command: &mut Box<dyn Command>, tx: &mut Tx) -> Result<(), StoreError> {
    match AssertUnwindSafe(command.run(tx)).catch_unwind().await {
        Ok(outcome) => outcome,
        Err(_) => Err(StoreError::Broken("a command panicked".into())),
    }
}

async fn connect(address: &str, dialect: Dialect) -> Result<AnyConnection, StoreError> {
    let unavailable = |error: String| StoreError::Unavailable(error);
    let mut on = AnyConnection::connect(address)
        .await
        .map_err(|error| unavailable(error.to_string()))?;
    let prepared = dialect.prepare_writer(&mut on).await;
    prepared.map_err(|error| unavailable(error.to_string()))?;
    Ok(on)
}

fn no_answer(limit: Duration) -> StoreError {
    StoreError::Unavailable(format!("no answer within {} s", limit.as_secs()))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Folder, ask_writer, on_both, on_both_urls};
    use super::super::{Query, Store};
    use super::*;

    async fn make_site(store: &Store, name: &'static str) -> Result<(), StoreError> {
        store
            .write(name, |tx, name| {
                Box::pin(async move {
                    Query::new("INSERT INTO sites (name, created_at) VALUES ($1, 0)")
                        .bind(*name)
                        .execute(&mut tx.on)
                        .await?;
                    match *name {
                        "refused" => Err(StoreError::refused("name", "by the test")),
                        "panics" => panic!("by the test"),
                        _ => Ok(()),
                    }
                })
            })
            .await
    }

    async fn names(store: &Store) -> Vec<String> {
        let sites = store.sites().await.unwrap();
        sites.into_iter().map(|site| site.name).collect()
    }

    #[tokio::test]
    async fn what_queues_up_is_committed_together_and_a_failure_takes_nothing_else_with_it() {
        on_both(|store| async move {
            let before = store.written();
            // All are in the queue before the writer runs: this thread has not yielded to it.
            let (a, twice, refused, panics, b) = tokio::join!(
                make_site(&store, "a"),
                make_site(&store, "a"),
                make_site(&store, "refused"),
                make_site(&store, "panics"),
                make_site(&store, "b"),
            );
            assert_eq!((a, b), (Ok(()), Ok(())));
            assert_eq!(twice, Err(StoreError::conflict("it is there already")));
            assert_eq!(refused, Err(StoreError::refused("name", "by the test")));
            assert_eq!(panics, Err(StoreError::Broken("a command panicked".into())));
            let after = store.written();
            assert_eq!(after.n_commits - before.n_commits, 1);
            assert_eq!(after.n_failed - before.n_failed, 1);
            assert_eq!(names(&store).await, ["a", "b"]);
            assert!(make_site(&store, "panics").await.is_err());
            assert_eq!(names(&store).await, ["a", "b"]);
        })
        .await;
    }

    #[tokio::test]
    async fn what_is_acknowledged_is_on_the_disk() {
        on_both_urls(|url| async move {
            let store = Store::open(&url).await.unwrap();
            let settings: &[(&'static str, &str)] = match Dialect::of(&url).unwrap() {
                Dialect::Sqlite => &[
                    ("PRAGMA journal_mode", "wal"),
                    ("PRAGMA synchronous", "2"),
                    ("PRAGMA foreign_keys", "1"),
                    ("PRAGMA auto_vacuum", "2"),
                ],
                Dialect::Postgres => &[("SHOW synchronous_commit", "on")],
            };
            for (question, answer) in settings {
                assert_eq!(ask_writer(&store, question).await.unwrap(), *answer);
            }
        })
        .await;
    }

    #[tokio::test]
    async fn readers_cannot_write() {
        on_both(|store| async move {
            let mut on = store.reader().await.unwrap();
            let written = Query::new("INSERT INTO sites (name, created_at) VALUES ('x', 0)")
                .execute(&mut on)
                .await;
            assert!(written.is_err());
        })
        .await;
    }

    #[tokio::test]
    async fn a_store_of_a_newer_version_is_refused_and_left_alone() {
        on_both_urls(|url| async move {
            let store = Store::open(&url).await.unwrap();
            ask_writer(
                &store,
                "INSERT INTO schema_versions (version) VALUES (999) RETURNING version",
            )
            .await
            .unwrap();
            store.close().await;
            let refused = Store::open(&url).await.err();
            assert!(
                matches!(refused, Some(StoreError::Newer { found: 999, .. })),
                "{refused:?}"
            );
        })
        .await;
    }

    #[tokio::test]
    async fn what_was_handed_over_before_closing_is_there_afterwards() {
        let folder = Folder::new();
        let store = Store::open(&folder.sqlite_url()).await.unwrap();
        let (made, ()) = tokio::join!(make_site(&store, "a"), store.close());
        made.unwrap();
        assert!(
            make_site(&store, "b")
                .await
                .is_err_and(|error| error.is_unavailable())
        );
        let again = Store::open(&folder.sqlite_url()).await.unwrap();
        assert_eq!(names(&again).await, ["a"]);
    }

    #[tokio::test]
    async fn a_locked_store_is_unavailable_and_works_again_without_a_restart() {
        use sqlx::Connection;
        let folder = Folder::new();
        let store = Store::open(&folder.sqlite_url()).await.unwrap();
        let mut other = AnyConnection::connect(&folder.sqlite_url()).await.unwrap();
        let say = async |on: &mut AnyConnection, text: &str| {
            dialect::run(on, text.to_owned()).await.unwrap();
        };
        say(&mut other, "BEGIN IMMEDIATE").await;
        let refused = make_site(&store, "a").await;
        assert!(refused.is_err_and(|error| error.is_unavailable()));
        say(&mut other, "ROLLBACK").await;
        make_site(&store, "a").await.unwrap();
        assert_eq!(names(&store).await, ["a"]);
    }

    #[tokio::test]
    async fn a_full_store_is_unavailable_and_works_again_when_there_is_room() {
        let folder = Folder::new();
        let store = Store::open(&folder.sqlite_url()).await.unwrap();
        let page_count = ask_writer(&store, "PRAGMA page_count").await.unwrap();
        // From now on the file may not grow; the limit goes with the connection.
        let limited: &'static str = format!("PRAGMA max_page_count = {page_count}").leak();
        ask_writer(&store, limited).await.unwrap();
        let body = vec![(super::super::Id([1; 16]), vec![7; 1 << 20])];
        let (_, key) = super::super::testing::device(&store, "pc").await;
        let full = store.save_declarations(key, body.clone(), 0).await;
        assert!(full.is_err_and(|error| error.is_unavailable()));
        store.save_declarations(key, body, 0).await.unwrap();
    }

    #[tokio::test]
    async fn a_server_that_cut_every_connection_is_found_again_without_a_restart() {
        use sqlx::Connection;
        on_both_urls(|url| async move {
            if Dialect::of(&url) == Ok(Dialect::Sqlite) {
                return;
            }
            let store = Store::open(&url).await.unwrap();
            make_site(&store, "a").await.unwrap();
            assert_eq!(names(&store).await, ["a"]);
            let mut other = AnyConnection::connect(&url).await.unwrap();
            let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                 WHERE datname = current_database() AND pid <> pg_backend_pid()";
            dialect::run(&mut other, cut.to_owned()).await.unwrap();
            make_site(&store, "b").await.unwrap();
            assert_eq!(names(&store).await, ["a", "b"]);
        })
        .await;
    }
}
