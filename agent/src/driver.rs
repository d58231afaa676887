//! The loop that gives the session its world: it does every output, waits in one place, and hands in what came.
//! Wire types end here.

mod broken;
mod channel;
mod connection;
mod consent;
mod govern;
mod hear;
mod help;
mod live;
mod names;
mod orders;
mod perform;
mod read;
mod record;
mod reports;
mod tell;
mod watch;

#[cfg(test)]
mod bench;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::time::Duration;

use futures::FutureExt as _;
use sonde_proto::v1::{self, from_agent};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::clock::{self, Moment};
use crate::config::Config;
use crate::facts::Table;
use crate::host::{self, Host, Unavailable};
use crate::identity;
use crate::journal::OrderId;
use crate::policy::Policy;
use crate::schedule::Schedule;
use crate::session::{BootUs, Input, Numbers, Session};
use crate::state::{RECORDER, State};
use crate::status::{self, Desk};
use crate::trust::Correction;
use crate::{changes, checks, facts, runner};
pub use broken::{Broken, DriverError};
use connection::{Connection, Connector};
use help::Helped;
use live::Live;
use orders::Jobs;
use record::Record;
use reports::Collected;
use watch::Watch;

/// The loop looks at the clocks at least this often.
const LOOK: Duration = Duration::from_secs(15);
/// Reports that were not acknowledged are safe against a power cut after this.
const SYNC_US: i64 = 5_000_000;
/// Findings that did not arrive are told again after this: what the collector refuses it may refuse again.
const TELL_AGAIN_US: i64 = 600_000_000;
/// When a table is read again that the machine was too busy for, microseconds.
const READ_AGAIN_US: i64 = 300_000_000;
/// Reports are made this often until the collector says otherwise.
const REPORT_US: i64 = 15_000_000;
/// Nothing reports faster, whatever the collector says.
const REPORT_LEAST_US: i64 = 1_000_000;

/// What comes round.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Due {
    Sample,
    /// Index into `facts::ALL`.
    Table(usize),
    /// Index into `checks::all()`.
    Check(usize),
}

/// What a task of the driver's brought.
enum Done {
    Dialled(Box<Result<Connection, connection::Failure>>),
    Read {
        table: &'static Table,
        whole: bool,
        rows: Result<facts::Reading, Unavailable>,
    },
    Checked(watch::Checked),
    /// What a job held back went out on a channel, or did not.
    Sent {
        id: OrderId,
        sent: Result<(), tonic::Status>,
    },
    /// A channel takes no samples any more.
    LiveEnded {
        channel: u64,
        ended: Result<(), tonic::Status>,
    },
    /// Who sits there was asked.
    Asked(consent::Asked),
    /// It has said what it had to say.
    Quiet,
}

/// One agent, running.
pub struct Driver {
    host: Host,
    state: State,
    session: Session,
    connector: Connector,
    connection: Option<Connection>,
    correction: Correction,
    collected: Collected,
    record: Record,
    watch: Watch,
    jobs: Jobs,
    schedule: Schedule<Due>,
    tasks: JoinSet<Done>,
    /// Something was due since it last rested.
    has_worked: bool,
    /// Tables that are being read, and whether they are wanted whole after that.
    reading: HashMap<&'static str, bool>,
    seen: Moment,
    unsynced_since: Option<BootUs>,
    /// When all findings are told again, because some did not arrive.
    tell_again_at: Option<BootUs>,
    /// The key that a renewal was asked with.
    new_key: Option<Vec<u8>>,
    renewal_told: bool,
    desk: Desk,
    help: Helped,
    live: Live,
    standing: Standing,
}

/// How things stand with the collector, for who asks.
#[derive(Default)]
struct Standing {
    connected_since_us: Option<i64>,
    trouble: Option<String>,
    heard_us: Option<i64>,
    n_rejected: u64,
    rejected: Option<String>,
}

/// What `work` brings, or what `otherwise` makes of the words of its panic: whoever waits for it is told.
async fn unless_it_breaks<T>(
    work: impl Future<Output = T>,
    otherwise: impl FnOnce(String) -> T,
) -> T {
    match AssertUnwindSafe(work).catch_unwind().await {
        Ok(done) => done,
        Err(panic) => {
            let why = runner::words(panic.as_ref());
            tracing::error!(why, "a task broke");
            otherwise(why)
        }
    }
}

impl Driver {
    pub fn new(
        host: Host,
        config: &Config,
        policy: Policy,
        folder: &Path,
        mut state: State,
    ) -> Result<Self, DriverError> {
        let now = clock::now();
        let correction = Correction::default();
        let mut collected = Collected::new(&host, &mut state.spool)?;
        let numbers = Numbers {
            first_seqs: state.spool.first_seqs(),
            run_first: state.spool.next_seq(),
        };
        let clean = state.spool.head().clean;
        let seed = u64::from_le_bytes(identity::random()?);
        let mut session = Session::new(now.boot_us, numbers, state.spool.reports(), seed);
        collected.started(clean, now, &mut state.spool, &mut session)?;
        host.set_recorder(state.recorder.is_some().then(|| folder.join(RECORDER)));
        let mut record = Record::new(state.recorder.take(), now);
        let how = if clean { "" } else { "after a crash" };
        record.event(now.wall_us, "agent", how.into(), "started");
        let connector = Connector::new(config, &state, correction.clone())?;
        host.set_collector(connector.collector(&state.identity));
        let help_desk = crate::help::Desk::open(&crate::help::path_of(config, folder));
        let mut jobs = Jobs::new(policy);
        jobs.close_interrupted(&mut state, collected.boot_id(), &mut session)?;
        let mut schedule = Schedule::default();
        schedule.set(Due::Sample, REPORT_US, now.boot_us);
        for (at, table) in facts::ALL.iter().enumerate() {
            schedule.set(Due::Table(at), table.every.as_micros() as i64, now.boot_us);
        }
        for (at, check) in checks::all().iter().enumerate() {
            schedule.set(Due::Check(at), check.every.as_micros() as i64, now.boot_us);
        }
        Ok(Self {
            host,
            state,
            session,
            connector,
            connection: None,
            correction,
            collected,
            record,
            watch: Watch::default(),
            jobs,
            schedule,
            tasks: JoinSet::new(),
            has_worked: false,
            reading: HashMap::new(),
            seen: now,
            unsynced_since: None,
            tell_again_at: None,
            new_key: None,
            renewal_told: false,
            desk: Desk::open(folder),
            help: Helped::new(help_desk),
            live: Live::default(),
            standing: Standing::default(),
        })
    }

    /// Runs until `stop` is ready, then leaves in good order. Inside a `LocalSet`: checks and actions stay on their thread.
    pub async fn run(mut self, stop: impl Future<Output = ()>) -> Result<(), Broken> {
        let (ran, was_stopped) = match self.talk(stop).await {
            Ok(()) => (self.leave().await, true),
            Err(error) => (Err(error), false),
        };
        ran.map_err(|error| Broken {
            error,
            identity: Box::new(self.state.identity),
            was_stopped,
        })
    }

    async fn talk(&mut self, stop: impl Future<Output = ()>) -> Result<(), DriverError> {
        let mut stop = std::pin::pin!(stop);
        self.take_back_interrupted().await?;
        loop {
            self.tick()?;
            self.rest();
            let wait = self.until_next();
            tokio::select! {
                message = connection::next(&mut self.connection) => self.hear(message)?,
                Some(done) = self.tasks.join_next() => match done {
                    Ok(done) => self.finish(done)?,
                    Err(error) => tracing::error!(%error, "a task was given up"),
                },
                worked = self.jobs.next() => {
                    self.look()?;
                    self.job_said(worked)?;
                }
                asked = self.desk.next() => {
                    tokio::spawn(status::answer(asked, self.status()));
                }
                asked = self.help.next() => self.asked_by_user(asked)?,
                () = sleep(wait) => {}
                () = &mut stop => return Ok(()),
            }
        }
    }

    /// Does all that is due.
    fn tick(&mut self) -> Result<(), DriverError> {
        let now = self.look()?;
        for due in self.schedule.take_due(now.boot_us) {
            self.has_worked = true;
            self.begin(due, now)?;
        }
        self.run_checks();
        if !self.renewal_told && self.corrected_us(now) >= self.state.identity.renew_from_us() {
            self.renewal_told = true;
            self.session.handle(now.boot_us, Input::RenewalDue);
        }
        let boot_id = self.collected.boot_id();
        self.jobs.flush_late(
            now.boot_us,
            boot_id,
            &mut self.state.spool,
            &mut self.session,
        )?;
        self.drop_held(now.boot_us)?;
        self.show_live(now)?;
        self.tell_again(now.boot_us)?;
        self.look_after_users(now.boot_us)?;
        self.session.handle_timeout(now.boot_us);
        while let Some(output) = self.session.poll_output() {
            self.perform(output)?;
        }
        self.sync_late(now.boot_us)
    }

    /// When work is done, and acknowledged where somebody is there to do so, what did it may leave the memory.
    fn rest(&mut self) {
        let is_awaited = self.connection.is_some() && self.session.n_awaited() > 0;
        if self.has_worked && self.tasks.is_empty() && !is_awaited {
            self.has_worked = false;
            host::let_go();
        }
    }

    /// Syncs what was spooled and not acknowledged for so long.
    fn sync_late(&mut self, now: BootUs) -> Result<(), DriverError> {
        let waits = self.state.spool.is_dirty() && self.session.n_pending() > 0;
        let since = self.unsynced_since.filter(|_| waits);
        self.unsynced_since = waits.then(|| since.unwrap_or(now));
        if since.is_some_and(|since| since + SYNC_US <= now) {
            self.state.spool.sync()?;
            self.unsynced_since = None;
        }
        Ok(())
    }

    /// Looks at the clocks, and reports what is odd about them.
    fn look(&mut self) -> Result<Moment, DriverError> {
        let now = clock::now();
        let before = std::mem::replace(&mut self.seen, now);
        if let clock::Passed::Jumped { by_us } = clock::passed(before, now) {
            tracing::info!(by_us, "the wall clock was set");
            self.correction.clock_was_set(by_us);
            self.host.set_clock_ahead(self.correction.told_us());
            self.report_event(v1::agent_event::Event::ClockJumped(v1::ClockJumped {
                by_us,
            }))?;
        }
        if let Some(asleep_us) = self.collected.slept(now) {
            tracing::info!(asleep_us, "the machine woke up");
            self.report_event(v1::agent_event::Event::Resumed(v1::Resumed { asleep_us }))?;
            self.session.handle(now.boot_us, Input::Resumed);
        }
        Ok(now)
    }

    /// The collector's clock, as well as this device knows it.
    fn corrected_us(&self, now: Moment) -> i64 {
        now.wall_us.saturating_add(self.correction.offset_us())
    }

    fn until_next(&self) -> Duration {
        let sync = self.unsynced_since.map(|since| since + SYNC_US);
        let next = [
            self.session.poll_timeout(),
            self.schedule.next(),
            self.jobs.next_flush(),
            self.jobs.next_drop(),
            sync,
            self.tell_again_at,
            self.help.due(),
            self.live.due(),
        ]
        .into_iter()
        .flatten()
        .min();
        let wait_us = next.map_or(i64::MAX, |next| (next - clock::now().boot_us).max(0));
        Duration::from_micros(wait_us.unsigned_abs()).min(LOOK)
    }

    fn begin(&mut self, due: Due, now: Moment) -> Result<(), DriverError> {
        if !self.may_read() {
            return Ok(());
        }
        match due {
            Due::Sample => {
                let at_us = self.corrected_us(now);
                self.collected.sample(
                    &self.host,
                    now,
                    (&mut self.record, at_us),
                    &mut self.state.spool,
                    &mut self.session,
                )?;
                // Once a minute.
                if self.record.wants_processes(now) {
                    self.record.processes(&self.host, now, at_us);
                    host::give_back();
                }
            }
            Due::Table(at) => self.read_table(facts::ALL[at], false),
            Due::Check(at) => self.watch.want(checks::all()[at]),
        }
        Ok(())
    }

    fn finish(&mut self, done: Done) -> Result<(), DriverError> {
        let boot_us = self.look()?.boot_us;
        match done {
            // It took longer than anybody waits, and another one is under way.
            Done::Dialled(_) if !self.session.is_connecting() => {}
            Done::Dialled(dialled) => match *dialled {
                Ok(connection) => self.connected(connection)?,
                Err(failure) => {
                    self.standing.trouble = Some(failure.log());
                    self.session.handle(boot_us, Input::Disconnected);
                }
            },
            Done::Read { table, whole, rows } => {
                let again = self.reading.remove(table.name);
                let rows = rows.map(|reading| reading.at_most(changes::TABLE_ROWS));
                match &rows {
                    Ok(reading) => self.host.set_untold(table.name, reading.missing_rows),
                    Err(why) if why.may_pass() => self.read_again_soon(table, boot_us),
                    Err(_) => {}
                }
                self.collected.table(
                    table,
                    whole,
                    rows,
                    &mut self.state.spool,
                    &mut self.session,
                )?;
                if again == Some(true) {
                    self.read_table(table, true);
                }
            }
            Done::Checked(mut checked) => {
                self.watch.ended(&checked.checks);
                if self.checked(&mut checked)? {
                    self.state.spool.sync()?;
                }
            }
            Done::Sent { id, sent } => self.sent(id, sent)?,
            Done::LiveEnded { channel, ended } => self.live_ended(channel, ended),
            Done::Asked(asked) => self.consented(asked)?,
            Done::Quiet => {}
        }
        Ok(())
    }

    async fn leave(&mut self) -> Result<(), DriverError> {
        self.send(from_agent::Body::Leaving(v1::Leaving {}));
        if let Some(connection) = self.connection.take() {
            connection.drain().await;
        }
        self.tasks.shutdown().await;
        self.state.spool.sync()?;
        Ok(self.state.spool.close()?)
    }
}
