//! One simulated device: its identity, its spool in memory, and what it does in a session.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, anyhow};
use prost::Message as _;
use sonde_agent::identity::{Identity, new_key, random};
use sonde_agent::link;
use sonde_agent::trust::{Correction, enrolment_tls, session_tls};
use sonde_proto::v1::{
    self, Answer, Clock, EnrollRequest, Hello, JobEvent, Machine, Report, Spool, from_agent,
    job_event, report, to_agent,
};

use super::session::{Session, declaration_ids, dial, handshake};
use super::tone::Tone;
use super::values::{Kind, Values};
use super::{Faults, Place, SOURCES, made_up};

/// Reports sent and not answered, as the agent has it.
const WINDOW: usize = 64;
/// Between two reports, as they are dated.
const STEP_US: i64 = 15_000_000;
/// How often a device that is turned away comes back, and how soon.
const TRIES: u32 = 50;
const AGAIN: Duration = Duration::from_millis(250);
/// Metrics are folded by the hour.
const HOUR: Duration = Duration::from_secs(3600);
/// Time since boot at the start of the run: a report may be older than the run.
const UP_US: i64 = 30 * 86_400_000_000;

/// A report that has no answer yet.
#[derive(Clone, Debug)]
struct Pending {
    clock: Clock,
    what: What,
    sent: Instant,
}

#[derive(Clone, Debug)]
enum What {
    Sample(Vec<(u32, i64)>),
    Job(Vec<JobEvent>),
    Told(Box<report::Body>),
}

/// What a device has done since it was made.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Done {
    pub(super) reports: u64,
    pub(super) committed: u64,
    pub(super) rejected: u64,
    pub(super) samples: u64,
    pub(super) orders: u64,
}

#[derive(Debug)]
pub struct Device {
    pub(super) number: usize,
    tone: Tone,
    identity: Identity,
    spool_id: [u8; 16],
    next_seq: u64,
    unanswered: BTreeMap<u64, Pending>,
    values: Values,
    session: Option<Session>,
    pub(super) done: Done,
    /// How long answers took that were waited for.
    pub(super) waits_us: Vec<u64>,
}

impl Device {
    pub(super) async fn enrol(
        place: &Place,
        number: usize,
        kind: Kind,
        tone: Tone,
    ) -> Result<Self> {
        let (key, signing_request) = new_key()?;
        let (installation_id, spool_id) = (random::<16>()?, random::<16>()?);
        let stream = dial(
            &place.target,
            source(number),
            enrolment_tls(place.token.fingerprint)?,
        )
        .await?;
        let mut link = link::over(stream).await?;
        let request = EnrollRequest {
            token: place.token.secret.clone(),
            signing_request: signing_request.into(),
            installation_id: installation_id.to_vec().into(),
            machine: Some(machine(number, tone)),
            agent_version: tone.say("sim"),
        };
        let response = link.client.enroll(request).await;
        let response = response.map_err(|status| anyhow!("enrol: {}", status.message()))?;
        Ok(Self {
            number,
            tone,
            identity: Identity::enrolled("", key, response.into_inner(), installation_id, [0; 32]),
            spool_id,
            next_seq: 1,
            unanswered: BTreeMap::new(),
            values: Values::new(kind, number as u64 + 1),
            session: None,
            done: Done::default(),
            waits_us: Vec::new(),
        })
    }

    pub(super) fn is_connected(&self) -> bool {
        self.session.is_some()
    }

    pub(super) fn n_unanswered(&self) -> u64 {
        self.unanswered.len() as u64
    }

    pub(super) fn drop_link(&mut self) {
        self.session = None;
    }

    pub(super) async fn handshake(&self, place: &Place) -> Result<()> {
        handshake(&place.target, source(self.number), self.tls()?).await
    }

    fn tls(&self) -> Result<tokio_rustls::rustls::ClientConfig> {
        let time_only = Arc::new(AtomicBool::new(false));
        Ok(session_tls(
            &self.identity,
            &Correction::default(),
            &time_only,
        )?)
    }

    /// A session, if there is none; what was not answered and is not accounted for is sent again.
    pub(super) async fn connect(&mut self, place: &Place) -> Result<()> {
        if self.session.is_some() {
            return Ok(());
        }
        let stream = dial(&place.target, source(self.number), self.tls()?).await?;
        let (session, welcome) = Session::open(stream, self.hello()).await?;
        self.session = Some(session);
        for range in welcome
            .accounts
            .iter()
            .flat_map(|account| &account.accounted)
        {
            self.committed(range.first, range.last);
        }
        for seq in self.unanswered.keys().copied().collect::<Vec<_>>() {
            self.send(seq).await?;
        }
        Ok(())
    }

    /// A fleet that comes back all at once is not let in all at once: whoever is turned away tries again.
    async fn come_back(&mut self, place: &Place) -> Result<()> {
        for turned_away in 0..TRIES {
            match self.connect(place).await {
                Ok(()) => return Ok(()),
                Err(error) if turned_away + 1 == TRIES => return Err(error),
                Err(_) => {
                    let wait = AGAIN * (1 + (self.number as u32 + turned_away) % 8);
                    tokio::time::sleep(wait).await;
                }
            }
        }
        Ok(())
    }

    fn hello(&self) -> Hello {
        Hello {
            installation_id: self.identity.installation_id.clone().into(),
            machine: Some(machine(self.number, self.tone)),
            agent_version: self.tone.say("sim"),
            boot_id: format!("sim-{}", self.number),
            clock: Some(clock(0)),
            declaration_ids: declaration_ids(),
            spools: vec![Spool {
                spool_id: self.spool_id.to_vec().into(),
                first_seq: 1,
            }],
            next_seq: self.next_seq,
            running_orders: Vec::new(),
            asks_consent: false,
        }
    }

    /// See `Fleet::burst`.
    pub(super) async fn burst(
        &mut self,
        place: &Place,
        n: u64,
        back: Duration,
        faults: Faults,
    ) -> Result<()> {
        let mut first = -(back.as_micros() as i64) - n as i64 * STEP_US;
        if back >= HOUR {
            // From the beginning of an hour.
            first -= (clock(0).wall_us + first).rem_euclid(HOUR.as_micros() as i64);
        }
        for tick in 0..n {
            while self.unanswered.len() >= WINDOW {
                self.answer(faults.slow).await?;
            }
            let values = self.values.step();
            self.report(What::Sample(values), clock(first + tick as i64 * STEP_US))
                .await?;
            if faults.drop_after > 0 && (tick + 1) % faults.drop_after == 0 {
                self.drop_link();
                self.come_back(place).await?;
            }
        }
        while !self.unanswered.is_empty() {
            self.answer(faults.slow).await?;
        }
        Ok(())
    }

    /// See `Fleet::tell`.
    pub(super) async fn tell(&mut self) -> Result<()> {
        let facts = v1::Facts {
            changes: made_up::tables(self.number, self.tone),
        };
        let now = clock(0);
        let findings = made_up::findings(self.number, now.wall_us, self.tone);
        for body in [report::Body::Facts(facts), report::Body::Findings(findings)] {
            self.report(What::Told(Box::new(body)), now).await?;
        }
        while !self.unanswered.is_empty() {
            self.answer(Duration::ZERO).await?;
        }
        Ok(())
    }

    /// See `Fleet::pace`.
    pub(super) async fn pace(
        &mut self,
        first: Duration,
        every: Duration,
        until: Instant,
    ) -> Result<()> {
        let mut next = tokio::time::Instant::now() + first;
        loop {
            let session = self.session.as_mut().context("not connected")?;
            tokio::select! {
                heard = session.hear() => self.hear(heard?).await?,
                () = tokio::time::sleep_until(next) => {
                    next += every;
                    let values = self.values.step();
                    self.report(What::Sample(values), clock(0)).await?;
                }
                () = tokio::time::sleep_until(until.into()) => break,
            }
        }
        while !self.unanswered.is_empty() {
            self.answer(Duration::ZERO).await?;
        }
        Ok(())
    }

    async fn report(&mut self, what: What, clock: Clock) -> Result<()> {
        let seq = self.next_seq;
        self.next_seq += 1;
        self.done.reports += 1;
        if let What::Sample(values) = &what {
            self.done.samples += values.len() as u64;
        }
        let sent = Instant::now();
        self.unanswered.insert(seq, Pending { clock, what, sent });
        self.send(seq).await
    }

    async fn send(&mut self, seq: u64) -> Result<()> {
        let session = self.session.as_mut().context("not connected")?;
        let pending = self.unanswered.get(&seq).context("no such report")?;
        let body = match &pending.what {
            What::Sample(values) => {
                let named = match session.encoder.n_series() {
                    0 => self.values.names(),
                    _ => Vec::new(),
                };
                report::Body::Sample(session.encoder.encode(named, values))
            }
            What::Job(events) => report::Body::Job(v1::JobEvents {
                events: events.clone(),
            }),
            What::Told(body) => (**body).clone(),
        };
        let report = Report {
            seq,
            clock: Some(pending.clock),
            boot_id: String::new(),
            body: Some(body),
        };
        session.say(from_agent::Body::Report(report)).await
    }

    async fn answer(&mut self, slow: Duration) -> Result<()> {
        if !slow.is_zero() {
            tokio::time::sleep(slow).await;
        }
        let session = self.session.as_mut().context("not connected")?;
        let heard = session.next().await?;
        self.hear(heard).await
    }

    async fn hear(&mut self, heard: to_agent::Body) -> Result<()> {
        match heard {
            to_agent::Body::Answer(answer) => self.take_answer(&answer),
            to_agent::Body::Work(ordered) => {
                let order = v1::WorkOrder::decode(&ordered.order[..])?;
                self.work(&order).await?;
            }
            to_agent::Body::Probe(probe) => {
                let probed = v1::Probed { nonce: probe.nonce };
                let session = self.session.as_ref().context("not connected")?;
                session.say(from_agent::Body::Probed(probed)).await?;
            }
            to_agent::Body::WantDeclarations(want) => {
                let session = self.session.as_ref().context("not connected")?;
                session.declare(&want).await?;
            }
            to_agent::Body::Hint(hint) => return Err(anyhow!("sent away: {}", hint.reason)),
            // What a device without facts, checks, channels and renewal has no answer to.
            to_agent::Body::Welcome(_)
            | to_agent::Body::WantTable(_)
            | to_agent::Body::Cancel(_)
            | to_agent::Body::Renewed(_)
            | to_agent::Body::OpenChannel(_)
            | to_agent::Body::Schedule(_)
            | to_agent::Body::Help(_)
            | to_agent::Body::AskConsent(_)
            | to_agent::Body::Restricted(_) => {}
        }
        Ok(())
    }

    fn take_answer(&mut self, answer: &Answer) {
        for range in &answer.committed {
            self.committed(range.first, range.last);
        }
        for rejected in &answer.rejected {
            if self.unanswered.remove(&rejected.seq).is_some() {
                self.done.rejected += 1;
            }
        }
    }

    fn committed(&mut self, first: u64, last: u64) {
        for seq in first..=last.min(self.next_seq) {
            if let Some(pending) = self.unanswered.remove(&seq) {
                self.done.committed += 1;
                self.waits_us
                    .push(pending.sent.elapsed().as_micros() as u64);
            }
        }
    }

    /// Does an order as the agent would: every check that is asked for is ok.
    async fn work(&mut self, order: &v1::WorkOrder) -> Result<()> {
        self.done.orders += 1;
        let checks = match &order.work {
            Some(v1::work_order::Work::Checks(run)) => run.checks.clone(),
            Some(_) | None => Vec::new(),
        };
        let finding = |check| v1::Finding {
            check,
            status: v1::Status::Ok.into(),
            message: Some(v1::Message {
                id: "sim".into(),
                arguments: Vec::new(),
            }),
            since_us: clock(0).wall_us,
            ..v1::Finding::default()
        };
        let steps = [
            job_event::Event::Accepted(v1::JobAccepted {}),
            job_event::Event::Started(v1::JobStarted {}),
            job_event::Event::Findings(v1::JobFindings {
                findings: checks.into_iter().map(finding).collect(),
                verifies: false,
            }),
            job_event::Event::Ended(v1::JobEnded {
                outcome: v1::Outcome::Succeeded.into(),
                ..v1::JobEnded::default()
            }),
        ];
        let event = |(number, event)| JobEvent {
            order_id: order.order_id.clone(),
            number,
            at_us: clock(0).wall_us,
            event: Some(event),
        };
        let events = (1..).zip(steps).map(event).collect();
        self.report(What::Job(events), clock(0)).await
    }
}

/// The device's clocks, `after_us` from now.
fn clock(after_us: i64) -> Clock {
    static BEGAN: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    let running = BEGAN.get_or_init(Instant::now).elapsed().as_micros() as i64;
    let wall = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_micros() as i64);
    Clock {
        wall_us: wall + after_us,
        boot_us: UP_US + running + after_us,
    }
}

/// What simulated machines run.
const SYSTEMS: [&str; 4] = [
    "Debian GNU/Linux 12",
    "Debian GNU/Linux 12",
    "Ubuntu 24.04",
    "Fedora Linux 43",
];

fn source(number: usize) -> u8 {
    1 + (number % usize::from(SOURCES)) as u8
}

/// How a simulated machine is called.
pub(super) fn hostname(number: usize) -> String {
    format!("sim-{number}")
}

fn machine(number: usize, tone: Tone) -> Machine {
    Machine {
        hostname: tone.say(&hostname(number)),
        os: tone.say(SYSTEMS[number % SYSTEMS.len()]),
        serial: tone.say(&format!("serial-{number}")),
        machine_id: format!("machine-{number}"),
        ..Machine::default()
    }
}
