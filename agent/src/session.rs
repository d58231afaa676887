//! The conversation with the collector as a state machine: no socket, no clock, no file.
//!
//! It knows which reports exist and which were sent, when to connect, what to answer. Its driver does every output,
//! waits, and hands in what came.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use sonde_proto::v1::{Answer, SeqRange, Welcome};

use crate::spool::{Kind, ranges};

/// Reports sent and not answered, at most.
pub const WINDOW: usize = 64;
/// An answer that takes longer is not coming: the report is sent again.
pub const ANSWER_US: i64 = 30_000_000;
/// A connection is made within this, or not at all: the ways to the collector have limits of their own, which end
/// sooner.
pub const CONNECTING_US: i64 = 120_000_000;
/// The collector must say something within this after the connection stands.
pub const GREETING_US: i64 = 15_000_000;
/// After a sleep the link must answer within this, or it is made anew.
pub const PROBE_US: i64 = 5_000_000;
const BACKOFF_LEAST_US: i64 = 2_000_000;
const BACKOFF_MOST_US: i64 = 300_000_000;
/// The collector may ask for more patience, but no more than an hour.
const HINT_MOST_US: i64 = 3_600_000_000;
/// A renewal that is not answered or is refused is tried again after this.
pub const RENEW_AGAIN_US: i64 = 3_600_000_000;

/// Microseconds on a clock that counts sleep and never jumps (CLOCK_BOOTTIME).
pub type BootUs = i64;

#[derive(Debug)]
pub enum Input {
    /// The connection stands and the hello was sent.
    Connected,
    Welcomed(Welcome),
    /// The session may do nothing but renew.
    Restricted,
    Disconnected,
    Answered(Answer),
    /// A report was spooled.
    Added {
        seq: u64,
        kind: Kind,
    },
    /// Reports were taken from the spool because it was full, or did not get into it.
    Thinned(Vec<u64>),
    /// The collector asks to come back no sooner than this, and not all at once.
    Hinted {
        after_us: i64,
    },
    /// The machine woke up.
    Resumed,
    /// A certificate came, or was refused.
    Renewed {
        accepted: bool,
    },
    /// From now on the certificate should be renewed.
    RenewalDue,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Output {
    Connect,
    Send(u64),
    /// Tell the collector that these will never come.
    Thin(Vec<SeqRange>),
    /// The collector has them.
    Release(SeqRange),
    /// The folder went back in time: numbers from `first_seq` on need a new spool id. `renumber` follows.
    Rename {
        first_seq: u64,
    },
    Renew,
    Disconnect,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    Waiting {
        until: BootUs,
    },
    Connecting {
        until: BootUs,
    },
    Greeting {
        until: BootUs,
    },
    Up {
        until: BootUs,
    },
    /// Up, for renewal only.
    Restricted {
        until: BootUs,
    },
}

/// Where numbers begin: (first number of each spool, ascending), and the first number of this run.
#[derive(Debug, Clone)]
pub struct Numbers {
    pub first_seqs: Vec<u64>,
    pub run_first: u64,
}

#[derive(Debug)]
pub struct Session {
    link: Link,
    numbers: Numbers,
    next_seq: u64,
    unsent: [BTreeSet<u64>; Kind::ALL.len()],
    in_flight: BTreeMap<u64, (Kind, BootUs)>,
    failures: u32,
    welcomed_before: bool,
    takes_said: bool,
    probe_until: Option<BootUs>,
    renew_at: Option<BootUs>,
    random: u64,
    outputs: VecDeque<Output>,
}

impl Session {
    /// `reports`: what the spool holds. `seed`: any random number.
    pub fn new(
        now: BootUs,
        numbers: Numbers,
        reports: impl IntoIterator<Item = (u64, Kind)>,
        seed: u64,
    ) -> Self {
        let mut session = Self {
            link: Link::Waiting { until: now },
            next_seq: numbers.run_first,
            numbers,
            unsent: Default::default(),
            in_flight: BTreeMap::new(),
            failures: 0,
            welcomed_before: false,
            takes_said: false,
            probe_until: None,
            renew_at: None,
            random: seed,
            outputs: VecDeque::new(),
        };
        for (seq, kind) in reports {
            session.unsent[kind as usize].insert(seq);
        }
        session
    }

    /// The next thing to do.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When `handle_timeout` wants to be called.
    pub fn poll_timeout(&self) -> Option<BootUs> {
        let link = match self.link {
            Link::Waiting { until }
            | Link::Connecting { until }
            | Link::Greeting { until }
            | Link::Up { until }
            | Link::Restricted { until } => until,
        };
        let answer = self
            .in_flight
            .values()
            .map(|(_, sent)| sent + ANSWER_US)
            .min();
        [
            Some(link),
            answer.filter(|_| self.is_up()),
            self.probe_until,
            self.renew_at.filter(|_| self.is_up()),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// Reports may be sent.
    pub fn is_up(&self) -> bool {
        matches!(self.link, Link::Up { .. })
    }

    /// The collector at the other end takes what people say, and answers them.
    pub fn takes_said(&self) -> bool {
        self.is_up() && self.takes_said
    }

    /// A connection is being made.
    pub fn is_connecting(&self) -> bool {
        matches!(self.link, Link::Connecting { .. })
    }

    /// Where the numbers of each spool begin from now on, as the next hello says: one was renamed, and some forgotten.
    pub fn renumber(&mut self, first_seqs: Vec<u64>) {
        self.numbers.first_seqs = first_seqs;
    }

    /// Reports that the collector has not accounted for.
    pub fn n_pending(&self) -> usize {
        self.in_flight.len() + self.unsent.iter().map(BTreeSet::len).sum::<usize>()
    }

    /// Those among them that the collector at the other end takes.
    pub fn n_awaited(&self) -> usize {
        let held = &self.unsent[Kind::Said as usize];
        self.n_pending() - if self.takes_said { 0 } else { held.len() }
    }

    pub fn handle_timeout(&mut self, now: BootUs) {
        match self.link {
            Link::Waiting { until } if until <= now => {
                self.link = Link::Connecting {
                    until: now + CONNECTING_US,
                };
                self.outputs.push_back(Output::Connect);
            }
            Link::Connecting { until }
            | Link::Greeting { until }
            | Link::Up { until }
            | Link::Restricted { until }
                if until <= now =>
            {
                self.outputs.push_back(Output::Disconnect);
                self.lose(now);
            }
            Link::Waiting { .. }
            | Link::Connecting { .. }
            | Link::Greeting { .. }
            | Link::Up { .. }
            | Link::Restricted { .. } => {}
        }
        if self.probe_until.is_some_and(|until| until <= now) {
            self.outputs.push_back(Output::Disconnect);
            self.lose(now);
        }
        if self.is_up() {
            if self.renew_at.is_some_and(|at| at <= now) {
                self.renew(now);
            }
            let late: Vec<u64> = self
                .in_flight
                .iter()
                .filter(|(_, (_, sent))| sent + ANSWER_US <= now)
                .map(|(seq, _)| *seq)
                .collect();
            for seq in late {
                self.take_back(seq);
            }
            self.send(now);
        }
    }

    pub fn handle(&mut self, now: BootUs, input: Input) {
        match input {
            Input::Connected => {
                self.link = Link::Greeting {
                    until: now + GREETING_US,
                }
            }
            Input::Welcomed(welcome) => self.welcome(now, &welcome),
            Input::Restricted => {
                self.link = Link::Restricted {
                    until: now + GREETING_US,
                };
                self.outputs.push_back(Output::Renew);
            }
            Input::Disconnected => self.lose(now),
            Input::Answered(answer) => self.answer(now, &answer),
            Input::Added { seq, kind } => {
                self.next_seq = self.next_seq.max(seq + 1);
                self.unsent[kind as usize].insert(seq);
                self.send(now);
            }
            Input::Thinned(seqs) => {
                seqs.iter().for_each(|seq| self.forget(*seq));
                // Also those that were never kept.
                let last = seqs.iter().max().copied().unwrap_or_default();
                self.next_seq = self.next_seq.max(last + 1);
                if self.is_up() && !seqs.is_empty() {
                    let seqs: BTreeSet<u64> = seqs.into_iter().collect();
                    self.outputs.push_back(Output::Thin(ranges(seqs)));
                }
            }
            Input::Hinted { after_us } => {
                self.outputs.push_back(Output::Disconnect);
                self.take_all_back();
                let after_us = after_us.clamp(0, HINT_MOST_US);
                self.link = Link::Waiting {
                    until: now + after_us + self.random_up_to(after_us),
                };
            }
            Input::Resumed => match self.link {
                Link::Up { .. } => self.probe_until = Some(now + PROBE_US),
                Link::Waiting { .. } => self.link = Link::Waiting { until: now },
                Link::Connecting { .. } | Link::Greeting { .. } | Link::Restricted { .. } => {}
            },
            Input::RenewalDue => self.renew_at = Some(now),
            Input::Renewed { accepted: true } => {
                self.renew_at = None;
                self.reconnect(now);
            }
            Input::Renewed { accepted: false } => {
                if matches!(self.link, Link::Restricted { .. }) {
                    self.outputs.push_back(Output::Disconnect);
                    self.lose(now);
                }
            }
        }
    }

    fn welcome(&mut self, now: BootUs, welcome: &Welcome) {
        let went_back = welcome
            .accounts
            .last()
            .is_some_and(|account| account.last_seq >= self.numbers.run_first);
        if went_back && !self.welcomed_before {
            let first_seq = self.numbers.run_first;
            self.outputs.push_back(Output::Rename { first_seq });
            self.reconnect(now);
            return;
        }
        self.welcomed_before = true;
        self.takes_said = welcome.takes_said;
        self.link = Link::Up {
            until: now + welcome.session_us.max(GREETING_US),
        };
        let never_sent = self.settle(&welcome.accounts);
        if !never_sent.is_empty() {
            self.outputs.push_back(Output::Thin(never_sent));
        }
        self.send(now);
    }

    fn answer(&mut self, now: BootUs, answer: &Answer) {
        self.probe_until = None;
        if !answer.committed.is_empty() {
            self.failures = 0;
        }
        for range in &answer.committed {
            self.release(*range);
        }
        for rejected in &answer.rejected {
            self.release(SeqRange {
                first: rejected.seq,
                last: rejected.seq,
            });
        }
        self.send(now);
    }

    fn release(&mut self, range: SeqRange) {
        let SeqRange { first, last } = range;
        if first > last {
            return;
        }
        let kept: Vec<u64> = self
            .unsent
            .iter()
            .flat_map(|of| of.range(first..=last))
            .chain(self.in_flight.range(first..=last).map(|(seq, _)| seq))
            .copied()
            .collect();
        if !kept.is_empty() {
            kept.iter().for_each(|seq| self.forget(*seq));
            self.outputs.push_back(Output::Release(range));
        }
    }

    fn forget(&mut self, seq: u64) {
        self.in_flight.remove(&seq);
        for of in &mut self.unsent {
            of.remove(&seq);
        }
    }

    fn send(&mut self, now: BootUs) {
        while self.is_up() && self.in_flight.len() < WINDOW {
            // An older collector would refuse what people say: it is kept for a newer one.
            let taken = |kind: &Kind| *kind != Kind::Said || self.takes_said;
            let next = Kind::ALL
                .into_iter()
                .filter(taken)
                .find_map(|kind| Some((kind, self.unsent[kind as usize].pop_first()?)));
            let Some((kind, seq)) = next else { break };
            self.in_flight.insert(seq, (kind, now));
            self.outputs.push_back(Output::Send(seq));
        }
    }

    fn renew(&mut self, now: BootUs) {
        self.renew_at = Some(now + RENEW_AGAIN_US);
        self.outputs.push_back(Output::Renew);
    }

    fn take_back(&mut self, seq: u64) {
        if let Some((kind, _)) = self.in_flight.remove(&seq) {
            self.unsent[kind as usize].insert(seq);
        }
    }

    fn take_all_back(&mut self) {
        for (seq, (kind, _)) in std::mem::take(&mut self.in_flight) {
            self.unsent[kind as usize].insert(seq);
        }
        self.probe_until = None;
        self.outputs
            .retain(|output| !matches!(output, Output::Send(_) | Output::Thin(_) | Output::Renew));
    }

    fn lose(&mut self, now: BootUs) {
        self.take_all_back();
        let most = BACKOFF_LEAST_US
            .saturating_mul(1 << self.failures.min(16))
            .min(BACKOFF_MOST_US);
        self.failures = self.failures.saturating_add(1);
        self.link = Link::Waiting {
            until: now + self.random_up_to(most),
        };
    }

    fn reconnect(&mut self, now: BootUs) {
        self.outputs.push_back(Output::Disconnect);
        self.take_all_back();
        self.link = Link::Waiting { until: now };
    }

    /// SplitMix64 (Steele, Lea, Flood 2014).
    fn random_up_to(&mut self, most: i64) -> i64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        (z % (most.unsigned_abs() + 1)) as i64
    }
}

mod account;
#[cfg(test)]
mod tests;
