//! Conversations, and a model that no interleaving may break.

use proptest::prelude::*;

use sonde_proto::v1::SpoolAccount;

use super::*;

mod said;

const SESSION_US: i64 = 86_400_000_000;

struct Bench {
    session: Session,
    now: BootUs,
    next_seq: u64,
    /// Of the collector.
    takes_said: bool,
}

impl Bench {
    fn default() -> Self {
        Self::with(vec![1], 1, &[])
    }

    fn with(first_seqs: Vec<u64>, run_first: u64, reports: &[(u64, Kind)]) -> Self {
        let numbers = Numbers {
            first_seqs,
            run_first,
        };
        let session = Session::new(0, numbers, reports.iter().copied(), 1);
        Self {
            session,
            now: 0,
            next_seq: run_first,
            takes_said: true,
        }
        .wait(0)
    }

    fn wait(mut self, us: i64) -> Self {
        self.now += us;
        self.session.handle_timeout(self.now);
        self
    }

    /// As long as it takes until something is to be done.
    fn wait_until_due(self) -> Self {
        let due = self.session.poll_timeout().map_or(0, |at| at - self.now);
        self.wait(due.max(0))
    }

    fn tell(mut self, input: Input) -> Self {
        self.session.handle(self.now, input);
        self
    }

    fn report(mut self, kind: Kind) -> Self {
        let seq = self.next_seq;
        self.next_seq += 1;
        self.tell(Input::Added { seq, kind })
    }

    fn welcomed(self, accounted: &[(u64, u64)]) -> Self {
        let last_seq = accounted.last().map_or(0, |range| range.1);
        let takes_said = self.takes_said;
        let account = SpoolAccount {
            accounted: seq_ranges(accounted),
            last_seq,
            more: false,
        };
        self.tell(Input::Welcomed(Welcome {
            accounts: vec![account],
            session_us: SESSION_US,
            takes_said,
            ..Welcome::default()
        }))
    }

    fn committed(self, committed: &[(u64, u64)]) -> Self {
        self.tell(Input::Answered(Answer {
            committed: seq_ranges(committed),
            ..Answer::default()
        }))
    }

    fn up() -> Self {
        Self::default()
            .expect("connect")
            .tell(Input::Connected)
            .welcomed(&[])
    }

    fn renumbered(mut self, first_seqs: &[u64]) -> Self {
        self.session.renumber(first_seqs.to_vec());
        self
    }

    #[track_caller]
    fn expect(mut self, expected: &str) -> Self {
        let outputs: Vec<String> = std::iter::from_fn(|| self.session.poll_output())
            .map(|output| shown(&output))
            .collect();
        assert_eq!(outputs.join(", "), expected);
        self
    }
}

fn seq_ranges(ranges: &[(u64, u64)]) -> Vec<SeqRange> {
    ranges
        .iter()
        .map(|(first, last)| SeqRange {
            first: *first,
            last: *last,
        })
        .collect()
}

fn shown(output: &Output) -> String {
    let range = |range: &SeqRange| format!("{}-{}", range.first, range.last);
    match output {
        Output::Connect => "connect".into(),
        Output::Send(seq) => format!("send {seq}"),
        Output::Thin(thinned) => format!(
            "thin {}",
            thinned.iter().map(range).collect::<Vec<_>>().join(" ")
        ),
        Output::Release(released) => format!("release {}", range(released)),
        Output::Rename { first_seq } => format!("rename from {first_seq}"),
        Output::Renew => "renew".into(),
        Output::Disconnect => "disconnect".into(),
    }
}

#[test]
fn what_was_not_committed_is_sent_again() {
    Bench::up()
        .report(Kind::Metrics)
        .report(Kind::Metrics)
        .expect("send 1, send 2")
        .committed(&[(1, 1)])
        .expect("release 1-1")
        .tell(Input::Disconnected)
        .expect("")
        .wait_until_due()
        .expect("connect")
        .tell(Input::Connected)
        .welcomed(&[(1, 1)])
        .expect("send 2");
}

#[test]
fn an_answer_that_does_not_come_is_not_waited_for() {
    Bench::up()
        .report(Kind::Facts)
        .expect("send 1")
        .wait(ANSWER_US - 1)
        .expect("")
        .wait(1)
        .expect("send 1");
}

#[test]
fn a_rejected_report_is_let_go() {
    let rejected = sonde_proto::v1::Rejected {
        seq: 1,
        reason: "poisoned".into(),
    };
    Bench::up()
        .report(Kind::Facts)
        .expect("send 1")
        .tell(Input::Answered(Answer {
            rejected: vec![rejected],
            ..Answer::default()
        }))
        .expect("release 1-1");
}

#[test]
fn job_events_go_before_metrics() {
    Bench::with(
        vec![1],
        5,
        &[
            (1, Kind::Metrics),
            (2, Kind::Facts),
            (3, Kind::Findings),
            (4, Kind::Job),
        ],
    )
    .expect("connect")
    .tell(Input::Connected)
    .welcomed(&[])
    .expect("send 4, send 3, send 2, send 1");
}

#[test]
fn numbers_lost_with_the_power_are_reported_as_thinned() {
    Bench::with(vec![1], 65, &[(3, Kind::Metrics), (5, Kind::Metrics)])
        .expect("connect")
        .tell(Input::Connected)
        .welcomed(&[(1, 2), (5, 5)])
        .expect("release 5-5, thin 4-4 6-64, send 3");
}

#[test]
fn what_never_got_into_the_spool_is_reported_as_thinned() {
    Bench::up()
        .report(Kind::Job)
        .expect("send 1")
        .tell(Input::Disconnected)
        .tell(Input::Thinned(vec![2]))
        .wait_until_due()
        .expect("connect")
        .tell(Input::Connected)
        .welcomed(&[(1, 1)])
        .expect("release 1-1, thin 2-2");
}

#[test]
fn each_spool_has_its_own_account() {
    let welcome = Welcome {
        accounts: vec![
            SpoolAccount {
                accounted: seq_ranges(&[(1, 9)]),
                last_seq: 9,
                more: false,
            },
            SpoolAccount {
                accounted: vec![],
                last_seq: 0,
                more: false,
            },
        ],
        session_us: SESSION_US,
        ..Welcome::default()
    };
    Bench::with(vec![1, 8], 10, &[(7, Kind::Metrics), (9, Kind::Metrics)])
        .expect("connect")
        .tell(Input::Connected)
        .tell(Input::Welcomed(welcome))
        .expect("release 1-7, thin 8-8, send 9");
}

#[test]
fn a_folder_that_went_back_in_time_gets_a_new_spool() {
    Bench::with(vec![1], 65, &[(3, Kind::Metrics)])
        .report(Kind::Facts)
        .expect("connect")
        .tell(Input::Connected)
        .welcomed(&[(1, 700)])
        .expect("rename from 65, disconnect")
        .renumbered(&[1, 65])
        .wait(0)
        .expect("connect")
        .tell(Input::Connected)
        .tell(Input::Welcomed(Welcome {
            accounts: vec![
                SpoolAccount {
                    accounted: seq_ranges(&[(1, 700)]),
                    last_seq: 700,
                    more: false,
                },
                SpoolAccount::default(),
            ],
            session_us: SESSION_US,
            ..Welcome::default()
        }))
        .expect("release 1-64, send 65");
}

#[test]
fn a_spool_that_was_forgotten_has_no_account() {
    Bench::with(vec![1, 8], 10, &[(9, Kind::Metrics)])
        .renumbered(&[8, 10])
        .report(Kind::Facts)
        .expect("connect")
        .tell(Input::Connected)
        .tell(Input::Welcomed(Welcome {
            accounts: vec![
                SpoolAccount {
                    accounted: seq_ranges(&[(8, 8)]),
                    last_seq: 8,
                    more: false,
                },
                SpoolAccount::default(),
            ],
            session_us: SESSION_US,
            ..Welcome::default()
        }))
        .expect("send 10, send 9");
}

#[test]
fn only_a_commit_resets_the_backoff() {
    let mut bench = Bench::default().expect("connect");
    let mut longest = 0;
    for _ in 0..30 {
        bench = bench.tell(Input::Connected).tell(Input::Disconnected);
        longest = longest.max(bench.session.poll_timeout().unwrap() - bench.now);
        bench = bench.wait_until_due().expect("connect");
    }
    assert!(longest > BACKOFF_MOST_US / 2, "{longest}");
    let bench = bench
        .tell(Input::Connected)
        .welcomed(&[])
        .report(Kind::Facts)
        .committed(&[(1, 1)])
        .tell(Input::Disconnected);
    assert!(bench.session.poll_timeout().unwrap() - bench.now <= BACKOFF_LEAST_US);
}

#[test]
fn a_connection_that_is_never_made_is_made_anew() {
    Bench::default()
        .expect("connect")
        .wait(CONNECTING_US)
        .expect("disconnect")
        .wait_until_due()
        .expect("connect");
}

#[test]
fn a_silent_collector_is_left() {
    Bench::default()
        .expect("connect")
        .tell(Input::Connected)
        .wait(GREETING_US)
        .expect("disconnect")
        .wait_until_due()
        .expect("connect");
}

#[test]
fn a_link_that_did_not_survive_a_sleep_is_made_anew() {
    Bench::up()
        .tell(Input::Resumed)
        .report(Kind::Event)
        .expect("send 1")
        .wait(PROBE_US)
        .expect("disconnect");
    Bench::up()
        .tell(Input::Resumed)
        .report(Kind::Event)
        .committed(&[(1, 1)])
        .wait(PROBE_US)
        .expect("send 1, release 1-1");
}

#[test]
fn a_hint_is_obeyed() {
    let bench = Bench::up()
        .tell(Input::Hinted {
            after_us: 10_000_000,
        })
        .expect("disconnect");
    let due = bench.session.poll_timeout().unwrap() - bench.now;
    assert!((10_000_000..=20_000_000).contains(&due), "{due}");
}

#[test]
fn a_restricted_session_renews_and_comes_back() {
    Bench::default()
        .report(Kind::Facts)
        .expect("connect")
        .tell(Input::Connected)
        .tell(Input::Restricted)
        .expect("renew")
        .tell(Input::Renewed { accepted: true })
        .expect("disconnect")
        .wait(0)
        .expect("connect");
}

#[test]
fn a_refused_renewal_is_tried_again_later() {
    Bench::up()
        .tell(Input::RenewalDue)
        .wait(0)
        .expect("renew")
        .tell(Input::Renewed { accepted: false })
        .wait(RENEW_AGAIN_US)
        .expect("renew");
}

#[test]
fn a_session_ends_when_its_time_is_over() {
    Bench::up().wait(SESSION_US).expect("disconnect");
}

proptest! {
    /// A collector that loses answers and connections at any moment still gets each report, and nothing is let go
    /// that it does not have.
    #[test]
    fn nothing_is_lost_whatever_happens(steps in prop::collection::vec(0u8..8, 1..200)) {
        let mut bench = Bench::default();
        let mut stored = BTreeSet::new();
        let mut released = BTreeSet::new();
        let mut sent = Vec::new();
        let mut connected = false;
        for step in steps.into_iter().chain([1; 80]) {
            bench = match step {
                0 => bench.report(Kind::Metrics),
                1 => bench.wait_until_due(),
                2 => bench.report(Kind::Job),
                3 if connected => { connected = false; sent.clear(); bench.tell(Input::Disconnected) }
                4 => { sent.pop(); bench }
                5 if connected => match sent.pop() {
                    Some(seq) => { stored.insert(seq); bench.committed(&[(seq, seq)]) }
                    None => bench,
                },
                6 => { stored.extend(sent.drain(..)); bench }
                _ => bench,
            };
            while let Some(output) = bench.session.poll_output() {
                match output {
                    Output::Connect => {
                        connected = true;
                        let accounted: Vec<(u64, u64)> = ranges(stored.iter().copied()).iter().map(|r| (r.first, r.last)).collect();
                        bench = bench.tell(Input::Connected).welcomed(&accounted);
                    }
                    Output::Send(seq) => sent.push(seq),
                    Output::Release(range) => released.extend(range.first..=range.last),
                    Output::Disconnect => { connected = false; sent.clear(); }
                    Output::Thin(gone) => prop_assert!(false, "{gone:?} thinned"),
                    Output::Rename { .. } | Output::Renew => prop_assert!(false, "unasked"),
                }
            }
        }
        prop_assert!(released.is_subset(&stored));
        let pending = bench.session.n_pending() as u64;
        prop_assert_eq!(pending + released.len() as u64, bench.next_seq - 1);
    }
}
