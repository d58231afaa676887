//! Findings, alerts and mutes as words.

use super::*;
use crate::fleet::checks::tests::device;
use crate::store::alerts::Scope;

const NOW: i64 = 10 * 86_400_000_000;
const MINUTE: i64 = 60_000_000;

fn finding(check: &str, status: Status, minutes_ago: i64) -> FindingRow {
    let since = NOW - minutes_ago * MINUTE;
    let finding = v1::Finding {
        check: check.into(),
        subject: "/".into(),
        status: status.into(),
        ..v1::Finding::default()
    };
    FindingRow {
        device_key: 1,
        finding,
        since,
        changed_at: since,
    }
}

fn alert(check: &str, status: i64, ticket: Option<i64>) -> Alert {
    Alert {
        alert_key: 9,
        device_key: 1,
        check: check.into(),
        subject: "/".into(),
        status,
        opened_at: 0,
        cleared_at: None,
        ticket,
    }
}

struct Bench {
    bad: Vec<FindingRow>,
    open: Vec<Alert>,
    mutes: Vec<Mute>,
    enrolled_days_ago: i64,
    ok_minutes_ago: Option<i64>,
}

impl Bench {
    fn new(bad: Vec<FindingRow>) -> Self {
        Self {
            bad,
            open: vec![],
            mutes: vec![],
            enrolled_days_ago: 5,
            ok_minutes_ago: None,
        }
    }

    fn open(self, alert: Alert) -> Self {
        Self {
            open: vec![alert],
            ..self
        }
    }

    #[track_caller]
    fn expect(self, expected: &str) {
        let mut of = device();
        of.enrolled_at = NOW - self.enrolled_days_ago * 86_400_000_000;
        let devices = HashMap::from([(1, of)]);
        let ticket_worthy = HashSet::from(["disk.space".to_owned()]);
        let fleet = Fleet {
            devices: &devices,
            bad: &self.bad,
            open: &self.open,
            mutes: &self.mutes,
            ticket_worthy: &ticket_worthy,
        };
        let ok_since = self.ok_minutes_ago.map(|minutes| NOW - minutes * MINUTE);
        let deeds = judge(&fleet, |_| ok_since, &Rules::default(), NOW);
        let shown: Vec<_> = deeds
            .iter()
            .map(|deed| match deed {
                Deed::Raise {
                    check,
                    with_ticket: true,
                    ..
                } => format!("ticket for {check}"),
                Deed::Raise { check, .. } => format!("raise {check}"),
                Deed::Clear { check, .. } => format!("clear {check}"),
            })
            .collect();
        assert_eq!(shown.join(", "), expected);
    }
}

#[test]
fn what_lasts_becomes_an_alert() {
    Bench::new(vec![finding("cpu.load", Status::Warning, 1)]).expect("");
    Bench::new(vec![finding("cpu.load", Status::Warning, 2)]).expect("raise cpu.load");
    Bench::new(vec![finding("cpu.load", Status::Unknown, 99)]).expect("");
    Bench::new(vec![finding("cpu.load", Status::Warning, 9)])
        .open(alert("cpu.load", 1, None))
        .expect("");
    Bench::new(vec![finding("cpu.load", Status::Critical, 9)])
        .open(alert("cpu.load", 1, None))
        .expect("raise cpu.load");
}

#[test]
fn a_consequence_is_told_by_its_cause() {
    let mut explained = finding("net.dns", Status::Critical, 9);
    explained.finding.explained_by = "net.link/eth0".into();
    Bench::new(vec![explained]).expect("");
}

#[test]
fn only_what_is_critical_and_worth_it_opens_a_ticket_and_not_on_the_first_day() {
    let critical = || vec![finding("disk.space", Status::Critical, 9)];
    Bench::new(critical()).expect("ticket for disk.space");
    Bench::new(vec![finding("disk.space", Status::Warning, 9)]).expect("raise disk.space");
    Bench::new(vec![finding("cpu.load", Status::Critical, 9)]).expect("raise cpu.load");
    Bench {
        enrolled_days_ago: 0,
        ..Bench::new(critical())
    }
    .expect("raise disk.space");
    Bench::new(critical())
        .open(alert("disk.space", 1, Some(7)))
        .expect("raise disk.space");
}

#[test]
fn what_is_muted_is_not_raised() {
    let mute = |until| Mute {
        id: Id([0; 16]),
        scope: Scope::Fleet,
        check: "cpu.load".into(),
        subject: None,
        reason: String::new(),
        created_by: String::new(),
        created_at: NOW - 5 * MINUTE,
        until,
    };
    let muted = |minutes, until| Bench {
        mutes: vec![mute(until)],
        ..Bench::new(vec![finding("cpu.load", Status::Warning, minutes)])
    };
    muted(9, Some(NOW + 1)).expect("");
    muted(3, Some(NOW + 1)).expect("");
    muted(9, None).expect("");
    muted(3, None).expect("raise cpu.load");
}

#[test]
fn an_alert_is_over_when_it_has_been_well_for_a_while() {
    let well = |minutes| {
        Bench {
            ok_minutes_ago: minutes,
            ..Bench::new(vec![])
        }
        .open(alert("cpu.load", 1, None))
    };
    well(Some(4)).expect("");
    well(Some(5)).expect("clear cpu.load");
    well(None).expect("clear cpu.load");
    Bench::new(vec![finding("cpu.load", Status::Warning, 9)])
        .open(alert("cpu.load", 1, None))
        .expect("");
}
