//! The one writer. What somebody may be waiting for is committed at once when it is idle, reports that nobody waits for
//! after a moment in which others come; what queues up while it commits goes together into the next transaction, each
//! command behind a savepoint of its own, so that one that fails takes nothing else with it.

mod command;
mod counts;
mod remembered;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures::FutureExt;
use sqlx::{AnyConnection, Connection};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout, timeout_at};

use super::desk_rules::BookCache;
use super::dialect::{self, Dialect};
use super::facts::FactCache;
use super::metrics::KindCache;
use super::reports::SpoolCache;
use super::{Shared, StoreError};
use command::Group;
pub(super) use command::{Command, Message, Reports, command};
pub(super) use counts::Counts;
pub use counts::Tally;
pub(super) use remembered::Remembered;

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
    pub(super) tally: Tally,
    /// Looked over each time before it is used.
    pub(super) book: BookCache,
    /// Where each savepoint that is open began, in what is remembered; inner ones last.
    marks: Vec<Mark>,
    pub(super) dialect: Dialect,
}

/// A moment of a transaction: how much of each kind it had touched, and what it had done.
#[derive(Clone, Copy, Default)]
struct Mark {
    spools: usize,
    facts: usize,
    kinds: usize,
    tally: Tally,
}

/// Owns the connection that writes.
pub(super) struct Writer {
    address: String,
    dialect: Dialect,
    tx: Option<Tx>,
    /// The engine was asked to commit and has not answered.
    is_committing: bool,
}

impl Writer {
    pub(super) fn new(address: String, dialect: Dialect) -> Self {
        Self {
            address,
            dialect,
            tx: None,
            is_committing: false,
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
                book: BookCache::default(),
                tally: Tally::default(),
                marks: Vec::new(),
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
            Some(limit) => {
                self.is_committing = false;
                let tried = timeout(limit, self.try_commit(&mut commands)).await;
                tried.unwrap_or_else(|_| {
                    Err(match self.is_committing {
                        true => StoreError::OutcomeUnknown(no_answer_text(limit)),
                        false => no_answer(limit),
                    })
                })
            }
            None => self.try_commit(&mut commands).await,
        };
        match outcomes {
            Ok(outcomes) => {
                counts.n_commits.fetch_add(1, Ordering::Relaxed);
                if let Some(tx) = &mut self.tx {
                    counts.keep(std::mem::take(&mut tx.tally));
                }
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
            match outcome.is_ok() {
                true => self.commit_begun().await?,
                false => {
                    tx.say("ROLLBACK").await?;
                    tx.forget_since(Mark::default());
                    tx.settle();
                }
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
        self.commit_begun().await?;
        Ok(outcomes)
    }

    /// Commits. When the answer is lost, nobody can tell whether it was done.
    async fn commit_begun(&mut self) -> Result<(), StoreError> {
        let is_far = self.dialect.commits_far_away();
        let tx = self.tx.as_mut().ok_or_else(StoreError::gone)?;
        self.is_committing = is_far;
        let said = tx.say("COMMIT").await;
        self.is_committing = false;
        tx.settle();
        match said {
            Err(StoreError::Unavailable(why)) if is_far => Err(StoreError::OutcomeUnknown(why)),
            said => said,
        }
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
    fn mark(&self) -> Mark {
        Mark {
            spools: self.spools.mark(),
            facts: self.facts.mark(),
            kinds: self.kinds.mark(),
            tally: self.tally,
        }
    }

    /// What was written since the mark was taken back.
    fn forget_since(&mut self, mark: Mark) {
        self.spools.forget_since(mark.spools);
        self.facts.forget_since(mark.facts);
        self.kinds.forget_since(mark.kinds);
        self.tally = mark.tally;
    }

    /// The transaction is over.
    fn settle(&mut self) {
        self.marks.clear();
        self.spools.settle();
        self.facts.settle();
        self.kinds.settle();
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
        self.marks.push(self.mark());
        self.say("SAVEPOINT one").await
    }

    pub(super) async fn release(&mut self) -> Result<(), StoreError> {
        self.marks.pop();
        self.say("RELEASE SAVEPOINT one").await
    }

    /// Undoes everything since the savepoint.
    pub(super) async fn take_back(&mut self) -> Result<(), StoreError> {
        let mark = self.marks.pop().unwrap_or_default();
        self.forget_since(mark);
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
    StoreError::Unavailable(no_answer_text(limit))
}

fn no_answer_text(limit: Duration) -> String {
    format!("no answer within {} s", limit.as_secs())
}

#[cfg(test)]
mod tests;
