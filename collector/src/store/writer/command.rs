//! What the writer is asked to do, and what goes into one transaction.

use futures::future::BoxFuture;
use tokio::sync::oneshot;

use super::super::StoreError;
use super::super::reports::{NewReport, NotRecorded, Recorded, record_together};
use super::Tx;

/// Commands that share a transaction at most.
const GROUP_COMMANDS: usize = 128;
/// Reports that share a transaction at most: about 25 ms of work.
const GROUP_REPORTS: usize = 512;

/// What the writer is asked.
pub(in super::super) enum Message {
    Command(Box<dyn Command>),
    /// Reports of many devices are recorded together, in few statements.
    Reports(Reports),
    Close(oneshot::Sender<()>),
}

pub(in super::super) struct Reports {
    pub(in super::super) reports: Vec<NewReport>,
    pub(in super::super) reply: oneshot::Sender<Result<Vec<Recorded>, NotRecorded>>,
}

/// Something to be done in a transaction, and answered when it is committed.
pub(in super::super) trait Command: Send {
    /// May be called again after what it did was rolled back.
    fn run<'c>(&'c mut self, tx: &'c mut Tx) -> BoxFuture<'c, Result<(), StoreError>>;
    fn answer(self: Box<Self>, outcome: Result<(), StoreError>);
}

type Work<I, T> = for<'c> fn(&'c mut Tx, &'c I) -> BoxFuture<'c, Result<T, StoreError>>;

struct Task<I, T> {
    input: I,
    work: Work<I, T>,
    output: Option<T>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

/// A command and where its answer comes.
pub(in super::super) fn command<I, T>(
    input: I,
    work: Work<I, T>,
) -> (Box<dyn Command>, oneshot::Receiver<Result<T, StoreError>>)
where
    I: Send + Sync + 'static,
    T: Send + 'static,
{
    let (reply, answer) = oneshot::channel();
    let task = Task {
        input,
        work,
        output: None,
        reply,
    };
    (Box::new(task), answer)
}

impl<I: Send + Sync, T: Send> Command for Task<I, T> {
    fn run<'c>(&'c mut self, tx: &'c mut Tx) -> BoxFuture<'c, Result<(), StoreError>> {
        Box::pin(async move {
            self.output = Some((self.work)(tx, &self.input).await?);
            Ok(())
        })
    }

    fn answer(self: Box<Self>, outcome: Result<(), StoreError>) {
        let Self { output, reply, .. } = *self;
        let answer = outcome.and_then(|()| {
            output.ok_or_else(|| StoreError::Broken("a command gave nothing".into()))
        });
        // Who asked may have gone; what was asked is done all the same.
        drop(reply.send(answer));
    }
}

/// All reports of a group as one command.
struct ReportGroup {
    parts: Vec<Reports>,
    outcomes: Vec<Result<Vec<Recorded>, StoreError>>,
}

impl Command for ReportGroup {
    fn run<'c>(&'c mut self, tx: &'c mut Tx) -> BoxFuture<'c, Result<(), StoreError>> {
        Box::pin(async move {
            let parts: Vec<&[NewReport]> =
                self.parts.iter().map(|part| &part.reports[..]).collect();
            self.outcomes = record_together(tx, &parts).await?;
            Ok(())
        })
    }

    fn answer(self: Box<Self>, outcome: Result<(), StoreError>) {
        let mut outcomes = self.outcomes.into_iter();
        for part in self.parts {
            let Reports { reports, reply } = part;
            let answer = match &outcome {
                Ok(()) => outcomes.next().unwrap_or_else(|| Err(StoreError::gone())),
                Err(error) => Err(error.clone()),
            };
            drop(reply.send(answer.map_err(|error| NotRecorded { error, reports })));
        }
    }
}

/// What goes into one transaction.
#[derive(Default)]
pub(super) struct Group {
    commands: Vec<Box<dyn Command>>,
    parts: Vec<Reports>,
    n_reports: usize,
    is_urgent: bool,
}

impl Group {
    pub(super) fn add(&mut self, message: Message) -> Option<oneshot::Sender<()>> {
        match message {
            Message::Command(command) => {
                self.is_urgent = true;
                self.commands.push(command);
            }
            Message::Reports(part) => {
                self.n_reports += part.reports.len();
                self.is_urgent |= part.reports.iter().any(NewReport::is_urgent);
                self.parts.push(part);
            }
            Message::Close(reply) => return Some(reply),
        }
        None
    }

    pub(super) fn has_room(&self) -> bool {
        self.commands.len() < GROUP_COMMANDS && self.n_reports < GROUP_REPORTS
    }

    /// Somebody may be waiting for it.
    pub(super) fn is_urgent(&self) -> bool {
        self.is_urgent
    }

    pub(super) fn commands(mut self) -> Vec<Box<dyn Command>> {
        if !self.parts.is_empty() {
            self.commands.push(Box::new(ReportGroup {
                outcomes: Vec::new(),
                parts: self.parts,
            }));
        }
        self.commands
    }
}
