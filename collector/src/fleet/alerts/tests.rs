//! Findings, alerts and what silences them as words.

mod storm;

use super::*;
use crate::desk::maintenance::Plan;
use crate::fleet::checks::tests::device;
use crate::fleet::policy::{Named, Reaching};
use crate::store::Id;
use crate::store::alerts::{Acceptance, Maintenance, Mute, Scope};

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
    policy: &'static str,
    connected_minutes_ago: Option<i64>,
    bad: Vec<FindingRow>,
    open: Vec<Alert>,
    silences: Silences,
    enrolled_days_ago: i64,
    ok_minutes_ago: Option<i64>,
}

impl Bench {
    fn new(bad: Vec<FindingRow>) -> Self {
        Self {
            policy: "{}",
            connected_minutes_ago: Some(1_000),
            bad,
            open: vec![],
            silences: Silences::default(),
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
        of.connected_at = self.connected_minutes_ago.map(|ago| NOW - ago * MINUTE);
        of.last_seen = match of.connected_at {
            Some(_) => NOW,
            None => NOW - 10 * MINUTE,
        };
        let said = Named {
            name: "lab".into(),
            policy: serde_json::from_str(self.policy).unwrap(),
        };
        let effective = Reaching::new(vec![said]).resolve("", "");
        let devices = HashMap::from([(1, of)]);
        let effective = Arc::new(effective);
        let fleet = Fleet {
            devices: &devices,
            bad: &self.bad,
            open: &self.open,
            silences: &self.silences,
            ticket_worthy: &|_, check| check == "disk.space",
            policies: &HashMap::from([(1, effective)]),
        };
        let ok_since = self.ok_minutes_ago.map(|minutes| NOW - minutes * MINUTE);
        let deeds = judge(&fleet, |_| ok_since, NOW);
        let shown: Vec<_> = deeds
            .iter()
            .map(|deed| match deed {
                Deed::Raise {
                    check,
                    opened_by: Some(by),
                    ..
                } => format!("ticket by {by} for {check}"),
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
fn what_was_wrong_with_a_device_that_is_no_more_is_over() {
    let of_another = Alert {
        device_key: 2,
        ..alert("cpu.load", 1, None)
    };
    Bench::new(vec![]).open(of_another).expect("clear cpu.load");
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
    Bench::new(critical()).expect("ticket by policy default for disk.space");
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
        silences: Silences::new(vec![], vec![mute(until)], vec![], NOW),
        ..Bench::new(vec![finding("cpu.load", Status::Warning, minutes)])
    };
    muted(9, Some(NOW + 1)).expect("");
    muted(3, Some(NOW + 1)).expect("");
    muted(9, None).expect("");
    muted(3, None).expect("raise cpu.load");
}

#[test]
fn what_is_accepted_is_not_raised_until_it_is_worse() {
    let acceptance = |status| Acceptance {
        id: Id([0; 16]),
        device_key: 1,
        check: "disk.space".into(),
        subject: "/".into(),
        status,
        reason: String::new(),
        created_by: String::new(),
        created_at: 0,
        until: NOW + 1,
    };
    let accepted = |status| Bench {
        silences: Silences::new(vec![acceptance(status)], vec![], vec![], NOW),
        ..Bench::new(vec![finding("disk.space", Status::Critical, 9)])
    };
    accepted(2).expect("");
    accepted(1).expect("ticket by policy default for disk.space");
}

#[test]
fn what_is_found_during_a_maintenance_is_an_alert_and_a_ticket_at_its_end() {
    let maintenance = |until| Maintenance {
        id: Id([0; 16]),
        site_key: device().site_key,
        device_keys: vec![],
        plan: Plan {
            from: NOW - 60 * MINUTE,
            until,
            weekly: None,
        },
        reason: String::new(),
        created_by: String::new(),
        created_at: 0,
    };
    let found = |until| Bench {
        silences: Silences::new(vec![], vec![], vec![maintenance(until)], NOW),
        ..Bench::new(vec![finding("disk.space", Status::Critical, 9)])
    };
    found(NOW + 1).expect("raise disk.space");
    let raised = || alert("disk.space", 2, None);
    found(NOW + 1).open(raised()).expect("");
    found(NOW)
        .open(raised())
        .expect("ticket by policy default for disk.space");
    // What had a ticket before goes on with it.
    found(NOW + 1)
        .open(alert("disk.space", 1, Some(7)))
        .expect("raise disk.space");
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
    well(Some(NOW / MINUTE)).expect("clear cpu.load");
    // Nobody can tell whether it is well.
    well(None).expect("");
    Bench::new(vec![finding("cpu.load", Status::Warning, 9)])
        .open(alert("cpu.load", 1, None))
        .expect("");
}

#[test]
fn a_policy_says_what_a_finding_opens() {
    let under = |opens, status| Bench {
        policy: opens,
        ..Bench::new(vec![finding("disk.space", status, 9)])
    };
    let nothing = r#"{"checks":{"disk.space":{"opens":"nothing"}}}"#;
    under(nothing, Status::Critical).expect("");
    under(nothing, Status::Critical)
        .open(alert("disk.space", 2, None))
        .expect("clear disk.space");
    let alert_only = r#"{"checks":{"disk.space":{"opens":"alert"}}}"#;
    under(alert_only, Status::Critical).expect("raise disk.space");
    let ticket = r#"{"checks":{"disk.space":{"opens":"ticket"}}}"#;
    under(ticket, Status::Warning).expect("raise disk.space");
    under(ticket, Status::Critical).expect("ticket by policy lab for disk.space");
    let always = r#"{"checks":{"disk.space":{"opens":"ticket_on_warning"}}}"#;
    under(always, Status::Warning).expect("ticket by policy lab for disk.space");
    let patient = r#"{"checks":{"disk.space":{"hold_seconds":600}}}"#;
    under(patient, Status::Critical).expect("");
}

#[test]
fn the_time_in_which_a_device_was_not_there_does_not_count() {
    let connected = |minutes_ago| Bench {
        connected_minutes_ago: minutes_ago,
        ..Bench::new(vec![finding("cpu.load", Status::Warning, 9)])
    };
    connected(Some(1)).expect("");
    connected(Some(2)).expect("raise cpu.load");
    // It went ten minutes ago, a minute before it was found.
    connected(None).expect("");
    Bench {
        connected_minutes_ago: None,
        ..Bench::new(vec![finding("cpu.load", Status::Warning, 12)])
    }
    .expect("raise cpu.load");
}

mod incidents {
    //! A whole round over a store.

    use super::super::*;
    use crate::bus::Bus;
    use crate::clock::now_us;
    use crate::desk::State;
    use crate::store::reports::{Body, NewOutcome, NewReport};
    use crate::store::testing::{self, on_both};
    use crate::store::tickets::{NumberedTicket, TicketFilter};
    use crate::store::{Id, Store};

    const MINUTE_US: i64 = 60_000_000;

    struct Site {
        store: Store,
        policies: Policies,
        catalogue: Catalogue,
        bus: Bus,
        n: usize,
    }

    impl Site {
        /// One more device, on which the same is critical for ten minutes.
        async fn struck(&mut self) {
            self.n += 1;
            let (_, key) = testing::device(&self.store, &format!("pc{}", self.n)).await;
            let at = now_us() - 10 * MINUTE_US;
            let findings = v1::FindingChanges {
                findings: vec![v1::Finding {
                    check: "net.dns".into(),
                    subject: "10.0.0.9".into(),
                    status: Status::Critical.into(),
                    message: Some(v1::Message::default()),
                    since_us: at,
                    ..v1::Finding::default()
                }],
                ..v1::FindingChanges::default()
            };
            let report = NewReport {
                device_key: key,
                spool_id: Id([1; 16]),
                seq: 1,
                reported_at: at,
                corrected_at: at,
                boot_id: "b".into(),
                outcome: NewOutcome::Committed(Body::Findings(findings)),
            };
            self.store.record_reports(vec![report]).await.unwrap();
            let seen = self.store.devices_seen(vec![(key, 0)], now_us()).await;
            seen.unwrap();
        }

        async fn round(&mut self) {
            let round = one_round(&self.store, &self.policies, &self.bus, &mut self.catalogue);
            round.await.unwrap();
        }

        /// `number check: devices`, those that were opened for the fault.
        async fn tickets(&self) -> Vec<NumberedTicket> {
            let filter = TicketFilter {
                most: 100,
                ..TicketFilter::default()
            };
            let mut all = self.store.tickets(&filter).await.unwrap();
            all.retain(|one| one.ticket.incident_check.is_some());
            all
        }

        async fn alerts(&self) -> Vec<Option<i64>> {
            let filter = AlertFilter {
                most: 100,
                ..AlertFilter::default()
            };
            let mut open = self.store.open_alerts(&filter).await.unwrap();
            open.retain(|alert| alert.check == "net.dns");
            open.into_iter().map(|alert| alert.ticket).collect()
        }
    }

    #[tokio::test]
    async fn what_strikes_many_at_once_has_one_ticket() {
        on_both(|store| async move {
            let mut site = Site {
                policies: Policies::default(),
                catalogue: Catalogue::default(),
                bus: Bus::default(),
                n: 0,
                store,
            };
            // Enough others that a few are no tenth of the site.
            for n in 0..60 {
                testing::device(&site.store, &format!("other{n}")).await;
            }
            for _ in 0..5 {
                site.struck().await;
            }
            site.round().await;
            assert_eq!(site.tickets().await, []);
            assert_eq!(site.alerts().await, [None; 5]);
            site.struck().await;
            site.round().await;
            let tickets = site.tickets().await;
            assert_eq!(tickets.len(), 1);
            let incident = &tickets[0];
            assert_eq!(
                incident.ticket.title,
                "Incident: net.dns on 6 devices of default"
            );
            assert_eq!(incident.ticket.devices.len(), 6);
            assert_eq!(site.alerts().await, [Some(incident.number); 6]);
            // Who comes later joins it, and nothing is opened twice.
            site.struck().await;
            site.round().await;
            site.round().await;
            let tickets = site.tickets().await;
            assert_eq!(tickets.len(), 1);
            assert_eq!(tickets[0].ticket.devices.len(), 7);
            assert_eq!(site.alerts().await, [Some(incident.number); 7]);
            assert_eq!(tickets[0].ticket.state, State::New);
        })
        .await;
    }
}
