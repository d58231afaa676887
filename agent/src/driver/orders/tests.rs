//! Orders given to a driver that has a folder and no collector.

use prost::Message as _;
use sonde_proto::v1::{Parameter, Phase, RunAction, WorkOrder, value, work_order::Work};

use super::super::bench::{Bench, inside};
use super::*;
use crate::spool::Spooled;

const NEVER_US: i64 = i64::MAX / 2;

impl Bench {
    fn allow(&mut self) {
        self.driver.jobs.policy = Policy::default();
    }

    fn hand_out(&mut self, order: &WorkOrder) {
        let bytes = order.encode_to_vec().into();
        self.driver.ordered(&bytes).unwrap();
    }

    /// Outcomes that were spooled, in order.
    fn ends(&mut self) -> Vec<Outcome> {
        let seqs: Vec<u64> = self
            .driver
            .state
            .spool
            .reports()
            .map(|(seq, _)| seq)
            .collect();
        let mut ends = Vec::new();
        for seq in seqs {
            let Some(Spooled::Report(report)) = self.driver.state.spool.read(seq).unwrap() else {
                continue;
            };
            if let Some(v1::report::Body::Job(job)) = report.body {
                ends.extend(
                    job.events
                        .into_iter()
                        .filter_map(|event| match event.event {
                            Some(Event::Ended(ended)) => Some(ended.outcome()),
                            _ => None,
                        }),
                );
            }
        }
        ends
    }

    fn entry(&mut self, n: u8) -> Option<Entry> {
        self.driver.state.journal.entry(&[n; 16]).unwrap()
    }
}

fn order(n: u8, action: RunAction) -> WorkOrder {
    WorkOrder {
        order_id: vec![n; 16].into(),
        device_id: "d".into(),
        installation_id: vec![2; 16].into(),
        ticket: 7,
        issued_us: NEVER_US - 1,
        expires_us: NEVER_US,
        nonce: vec![n; 16].into(),
        work: Some(Work::Action(action)),
        ..WorkOrder::default()
    }
}

fn restart(phase: Phase) -> RunAction {
    let unit = value::Value::Text("sonde-no-such.service".into());
    RunAction {
        action: "service.restart".into(),
        version: 1,
        phase: phase.into(),
        parameters: vec![Parameter {
            name: "unit".into(),
            value: Some(v1::Value { value: Some(unit) }),
        }],
        ..RunAction::default()
    }
}

#[tokio::test]
async fn what_was_refused_does_not_run_when_it_is_handed_out_again() {
    inside(async {
        let mut bench = Bench::with("[actions]\n\"service.restart\" = \"off\"\n");
        bench.hand_out(&order(1, restart(Phase::Apply)));
        assert_eq!(bench.ends(), [Outcome::Refused]);
        assert_eq!(bench.entry(1).unwrap().outcome(), Outcome::Refused);
        bench.allow();
        bench.hand_out(&order(1, restart(Phase::Apply)));
        assert!(bench.driver.jobs.open.is_empty());
        assert_eq!(bench.ends(), [Outcome::Refused]);
    })
    .await;
}

#[tokio::test]
async fn what_had_expired_does_not_run_when_the_clock_goes_back() {
    inside(async {
        let mut bench = Bench::with("");
        bench.driver.correction.set(NEVER_US);
        bench.hand_out(&order(1, restart(Phase::Apply)));
        assert_eq!(bench.ends(), [Outcome::Expired]);
        bench.driver.correction.set(0);
        bench.hand_out(&order(1, restart(Phase::Apply)));
        assert!(bench.driver.jobs.open.is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_expires_while_it_waits_does_not_run() {
    inside(async {
        let mut bench = Bench::with("");
        bench.driver.jobs.n_running = RUNNING;
        bench.hand_out(&order(1, restart(Phase::Apply)));
        assert_eq!(bench.driver.jobs.waiting.len(), 1);
        bench.driver.correction.set(NEVER_US);
        bench.driver.jobs.n_running = 0;
        bench.driver.start_jobs().unwrap();
        assert_eq!(bench.ends(), [Outcome::Expired]);
        assert_eq!(bench.entry(1).unwrap().outcome(), Outcome::Expired);
    })
    .await;
}

#[tokio::test]
async fn what_a_full_journal_refused_is_remembered() {
    inside(async {
        let mut bench = Bench::with("");
        bench.driver.jobs.remember_refused([1; 16]);
        bench.hand_out(&order(1, restart(Phase::Apply)));
        assert!(bench.driver.jobs.open.is_empty());
        for n in 0..REFUSED as u32 {
            let mut id = [9; 16];
            id[..4].copy_from_slice(&n.to_le_bytes());
            bench.driver.jobs.remember_refused(id);
        }
        assert_eq!(bench.driver.jobs.refused.len(), REFUSED);
    })
    .await;
}

#[tokio::test]
async fn a_job_that_the_agent_fails_at_ends() {
    inside(async {
        let mut bench = Bench::with("");
        bench.driver.jobs.n_running = RUNNING;
        for (n, acts) in [(1, true), (2, false)] {
            let work = if acts { Phase::Apply } else { Phase::Plan };
            bench.hand_out(&order(n, restart(work)));
            bench.driver.jobs.n_running += 1;
            let broke = Worked::broke([n; 16], acts, "out of luck");
            bench.driver.job_said(broke).unwrap();
        }
        assert_eq!(bench.ends(), [Outcome::Unknown, Outcome::Failed]);
        assert!(bench.driver.jobs.open.is_empty());
    })
    .await;
}

#[tokio::test]
async fn logs_are_shown_where_the_policy_opens_their_folder() {
    inside(async {
        let mut bench = Bench::with("[private]\npaths = [\"/etc\"]\n");
        let logs = |n| WorkOrder {
            work: Some(Work::Table(v1::ReadTable {
                table: "logs".into(),
                ..v1::ReadTable::default()
            })),
            ..order(n, RunAction::default())
        };
        bench.hand_out(&logs(1));
        assert_eq!(bench.ends(), [Outcome::Refused]);
        bench.allow();
        bench.hand_out(&logs(2));
        assert!(bench.driver.jobs.open.contains_key(&[2; 16]));
    })
    .await;
}

/// An order that was applied and can be taken back.
#[tokio::test]
async fn one_asset_is_looked_for_by_the_one_check_that_does_and_for_a_ticket() {
    inside(async {
        let mut bench = Bench::with("");
        bench.driver.jobs.n_running = RUNNING;
        let look = |n, checks: &[&str], asset: &str| WorkOrder {
            work: Some(Work::Checks(v1::RunChecks {
                checks: checks.iter().map(|check| (*check).to_owned()).collect(),
                asset: asset.to_owned(),
            })),
            ..order(n, RunAction::default())
        };
        for (n, checks, asset) in [
            (1, &["net.asset"][..], ""),
            (2, &["net.asset", "net.dns"], "192.0.2.7"),
            (3, &["net.dns"], "192.0.2.7"),
            (4, &[], "192.0.2.7"),
            // Whoever sent it, it is judged here.
            (5, &["net.asset"], "127.0.0.1:22"),
            (6, &["net.asset"], "192.0.2.255.255"),
            (7, &["net.asset"], "192.0.2.0/24"),
            (8, &["net.asset"], "ff02::1"),
            (9, &["net.asset"], "192.0.2.7 192.0.2.8"),
        ] {
            bench.hand_out(&look(n, checks, asset));
            let refused = bench.ends().last().copied();
            assert_eq!(refused, Some(Outcome::Refused), "{checks:?} {asset}");
        }
        let by_policy = WorkOrder {
            ticket: 0,
            policy: "p".into(),
            ..look(10, &["net.asset"], "192.0.2.7")
        };
        bench.hand_out(&by_policy);
        assert_eq!(bench.ends().len(), 10);
        bench.hand_out(&look(11, &["net.asset"], "192.0.2.7:9100"));
        assert!(bench.driver.jobs.open.contains_key(&[11; 16]));
        bench.hand_out(&look(12, &[], ""));
        let of_all = &bench.driver.jobs.waiting[1].1;
        let Task::Checks { checks, .. } = of_all else {
            panic!("no checks");
        };
        assert!(!checks.iter().any(|check| check.takes_asset()));
    })
    .await;
}

fn applied(n: u8) -> Entry {
    let undo = serde_json::to_vec(&crate::plan::Plan::default()).unwrap();
    Entry {
        order: order(n, restart(Phase::Apply)).encode_to_vec(),
        state: Progress::Ended.into(),
        undo,
        ..Entry::default()
    }
}

fn undo_of(n: u8) -> RunAction {
    RunAction {
        undo_of: vec![n; 16].into(),
        parameters: Vec::new(),
        ..restart(Phase::Undo)
    }
}

#[tokio::test]
async fn a_change_is_taken_back_once() {
    inside(async {
        let mut bench = Bench::with("");
        let journal = &mut bench.driver.state.journal;
        journal.record([1; 16], &applied(1), 0).unwrap();
        bench.driver.jobs.n_running = RUNNING;
        bench.hand_out(&order(2, undo_of(1)));
        bench.hand_out(&order(3, undo_of(1)));
        assert_eq!(bench.ends(), []);
        bench.driver.jobs.n_running = 0;
        bench.driver.start_jobs().unwrap();
        assert_eq!(bench.ends(), [Outcome::Refused]);
        assert!(bench.driver.jobs.open.contains_key(&[2; 16]));
        assert!(bench.entry(1).unwrap().undo.is_empty());
        assert_eq!(bench.driver.jobs.n_running, 1);
    })
    .await;
}

#[tokio::test]
async fn an_undo_is_allowed_as_what_it_takes_back_was() {
    inside(async {
        let mut bench = Bench::with("[actions]\n\"service.restart\" = \"off\"\n");
        let journal = &mut bench.driver.state.journal;
        journal.record([1; 16], &applied(1), 0).unwrap();
        let other = RunAction {
            action: "net.dns-flush".into(),
            ..undo_of(1)
        };
        bench.hand_out(&order(2, other));
        bench.hand_out(&order(3, undo_of(1)));
        assert_eq!(bench.ends(), [Outcome::Refused; 2]);
        bench.allow();
        bench.hand_out(&order(4, undo_of(1)));
        assert!(bench.driver.jobs.open.contains_key(&[4; 16]));
    })
    .await;
}

fn begun(way_back: &str, boot_id: &str) -> Entry {
    let action = restart(Phase::Apply);
    let step = crate::plan::Step::Run {
        program: way_back.into(),
        arguments: Vec::new(),
        deadline: std::time::Duration::from_secs(9),
        outlives: false,
    };
    let plan = crate::plan::Plan::default().step(crate::finding::Message::default(), step);
    let safeguard = serde_json::json!({"boot_id": boot_id, "way_back": plan});
    Entry {
        order: order(1, action).encode_to_vec(),
        state: Progress::Started.into(),
        undo: safeguard.to_string().into_bytes(),
        ..Entry::default()
    }
}

#[tokio::test]
async fn a_change_that_was_not_proven_is_taken_back_unless_a_restart_has_done_so() {
    inside(async {
        for (way_back, same_boot, expected) in [
            ("true", true, Outcome::Failed),
            ("false", true, Outcome::Unknown),
            ("false", false, Outcome::Failed),
        ] {
            let mut bench = Bench::with("");
            let own = bench.driver.collected.boot_id().to_owned();
            let boot_id = if same_boot { &own } else { "another" };
            let entry = begun(way_back, boot_id);
            let State { journal, .. } = &mut bench.driver.state;
            journal.record([1; 16], &entry, 0).unwrap();
            let driver = &mut bench.driver;
            driver
                .jobs
                .close_interrupted(&mut driver.state, &own, &mut driver.session)
                .unwrap();
            assert_eq!(bench.ends(), []);
            bench.driver.take_back_interrupted().await.unwrap();
            assert_eq!(bench.ends(), [expected], "{way_back} {same_boot}");
            let entry = bench.entry(1).unwrap();
            assert_eq!(entry.outcome(), expected);
            assert!(entry.undo.is_empty());
        }
    })
    .await;
}

#[tokio::test]
async fn what_wants_the_user_runs_on_their_own_word_as_often_as_they_gave_it() {
    inside(async {
        let policy = "[actions]\n\"service.restart\" = \"consent\"\n[consent]\nrecorded_by_technician = false\n";
        let mut bench = Bench::with(policy);
        let agreed = |question: u8| RunAction {
            consent: Some(v1::Consent {
                question_id: vec![question; 16].into(),
                ..v1::Consent::default()
            }),
            ..restart(Phase::Apply)
        };
        let mut asks = |n: u8, question: u8| {
            bench.hand_out(&order(n, agreed(question)));
            bench.driver.jobs.open.contains_key(&[n; 16])
        };
        // The collector says so, and nobody here has.
        assert!(!asks(1, 1));
        let grant = |question: u8, ticket, for_ticket| crate::journal::Grant {
            question_id: vec![question; 16],
            ticket,
            for_ticket,
            at_us: clock::now().wall_us,
            ..crate::journal::Grant::default()
        };
        let grants = [grant(2, 7, false), grant(3, 7, true), grant(4, 8, true)];
        for grant in &grants {
            bench.driver.state.journal.grant(grant).unwrap();
        }
        let mut asks = |n: u8, question: u8| {
            bench.hand_out(&order(n, agreed(question)));
            bench.driver.jobs.open.contains_key(&[n; 16])
        };
        assert!(asks(2, 2));
        assert!(!asks(3, 2), "it was given once");
        assert!(asks(4, 3));
        assert!(asks(5, 3));
        assert!(!asks(6, 4), "it was given for another ticket");
        let recorded = RunAction {
            consent: Some(v1::Consent::default()),
            ..restart(Phase::Apply)
        };
        bench.hand_out(&order(7, recorded));
        assert!(!bench.driver.jobs.open.contains_key(&[7; 16]));
    })
    .await;
}
