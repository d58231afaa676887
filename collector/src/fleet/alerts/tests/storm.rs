//! Ten thousand alerts in a minute, on many devices of several sites, over the whole way through the store.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::join_all;

use super::super::super::incidents::MOST_ALONE;
use super::super::*;
use crate::clock::now_us;
use crate::desk::State;
use crate::desk::maintenance::Plan;
use crate::store::alerts::NewMaintenance;
use crate::store::reports::{Body, NewOutcome, NewReport};
use crate::store::testing::{self, on_both};
use crate::store::tickets::{NumberedTicket, TicketFilter};
use crate::store::tokens::NewToken;
use crate::store::{Id, random_bytes};

const MINUTE_US: i64 = 60_000_000;
const HOUR_US: i64 = 60 * MINUTE_US;
/// Devices of each site: one has more than a ticket names, one so few that not all come at once.
const SITES: [(&str, usize); 4] = [("lyon", 250), ("nice", 100), ("brest", 42), ("metz", 8)];
const CHECKS: [&str; 5] = [
    "net.dns",
    "disk.space",
    "cpu.load",
    "time.offset",
    "service.failed",
];
/// What each check finds on each device.
const SUBJECTS: usize = 5;
/// Rounds of the minute.
const ROUNDS: usize = 4;

struct World {
    store: Store,
    policies: Policies,
    catalogue: Catalogue,
    bus: Bus,
    /// Keys of devices, by site.
    devices: BTreeMap<&'static str, Vec<i64>>,
    seq: u64,
}

impl World {
    /// Devices that have settled, and a policy for which each critical finding is worth a ticket.
    async fn new(store: Store) -> Self {
        let mut devices = BTreeMap::new();
        for (site, n) in SITES {
            store.create_site(site, now_us()).await.unwrap();
            let secret_hash = random_bytes();
            let token = NewToken {
                secret_hash,
                site: site.into(),
                n_uses: n as u32,
                expires_at: now_us() + HOUR_US,
                created_by: "root".into(),
                at: testing::NOW,
            };
            store.create_token(token).await.unwrap();
            let enrolled = (0..n).map(|at| {
                let device = testing::enrolment(secret_hash, &format!("{site}-{at}"));
                store.enrol_device(device)
            });
            let keys = join_all(enrolled).await.into_iter();
            let keys: Vec<i64> = keys.map(|one| one.unwrap().device_key).collect();
            devices.insert(site, keys);
        }
        let checks = CHECKS.map(|check| format!("\"{check}\":{{\"opens\":\"ticket\"}}"));
        let policy = format!("{{\"checks\":{{{}}}}}", checks.join(","));
        let policy = crate::store::policies::PolicyRow {
            name: "all".into(),
            body: policy,
            changed_by: "root".into(),
            changed_at: now_us(),
        };
        store.put_policy(policy, 10).await.unwrap();
        Self {
            policies: Policies::default(),
            catalogue: Catalogue::default(),
            bus: Bus::default(),
            store,
            devices,
            seq: 0,
        }
    }

    fn keys(&self) -> impl Iterator<Item = i64> {
        self.devices.values().flatten().copied()
    }

    /// These devices report what all their checks find, and that it has been so for ten minutes.
    async fn report(&mut self, keys: &[i64], status: Status) {
        self.seq += 1;
        let at = now_us() - 10 * MINUTE_US;
        let findings = CHECKS.iter().flat_map(|check| {
            (0..SUBJECTS).map(|subject| v1::Finding {
                check: (*check).into(),
                subject: format!("s{subject}"),
                status: status.into(),
                message: Some(v1::Message::default()),
                since_us: at,
                ..v1::Finding::default()
            })
        });
        let findings: Vec<v1::Finding> = findings.collect();
        let reports = keys.iter().map(|key| NewReport {
            device_key: *key,
            spool_id: Id([1; 16]),
            seq: self.seq,
            reported_at: at,
            corrected_at: at,
            boot_id: "b".into(),
            outcome: NewOutcome::Committed(Body::Findings(v1::FindingChanges {
                findings: findings.clone(),
                ..v1::FindingChanges::default()
            })),
        });
        self.store.record_reports(reports.collect()).await.unwrap();
        let seen = keys.iter().map(|key| (*key, 0)).collect();
        self.store.devices_seen(seen, now_us()).await.unwrap();
    }

    async fn round(&mut self) {
        let round = one_round(&self.store, &self.policies, &self.bus, &mut self.catalogue);
        round.await.unwrap();
    }

    async fn tickets(&self) -> Vec<NumberedTicket> {
        let filter = TicketFilter {
            most: 10_000,
            ..TicketFilter::default()
        };
        self.store.tickets(&filter).await.unwrap()
    }

    async fn alerts(&self) -> Vec<Alert> {
        let filter = AlertFilter {
            most: 20_000,
            ..AlertFilter::default()
        };
        let mut open = self.store.open_alerts(&filter).await.unwrap();
        open.retain(|alert| CHECKS.contains(&&*alert.check));
        open
    }

    /// A quarter of the devices after the other, as a minute's rounds see them.
    async fn strike(&mut self) {
        for quarter in 0..ROUNDS {
            let sites = self.devices.values();
            let of_quarter = sites.flat_map(|keys| keys.iter().skip(quarter).step_by(ROUNDS));
            let keys: Vec<i64> = of_quarter.copied().collect();
            self.report(&keys, Status::Critical).await;
            self.round().await;
        }
    }
}

#[tokio::test]
async fn ten_thousand_alerts_in_a_minute_are_a_few_tickets_and_none_is_lost() {
    on_both(|store| async move {
        let mut world = World::new(store).await;
        world.strike().await;
        let tickets = world.tickets().await;
        // Of each check at each site one incident; at the smallest, two devices were struck before they were many enough, and
        // each had a ticket of its own for each check.
        let incidents = tickets
            .iter()
            .filter(|one| one.ticket.incident_check.is_some());
        assert_eq!(incidents.count(), CHECKS.len() * SITES.len());
        assert_eq!(tickets.len(), CHECKS.len() * (SITES.len() + 2));
        // Whatever the order: no more than these can stand alone before there is an incident.
        let most = CHECKS.len() * SITES.len() * (1 + MOST_ALONE);
        assert!(tickets.len() <= most);
        let alerts = world.alerts().await;
        assert_eq!(alerts.len(), 10_000);
        let keys: BTreeSet<(i64, &str, &str)> = alerts
            .iter()
            .map(|alert| (alert.device_key, &*alert.check, &*alert.subject))
            .collect();
        assert_eq!(keys.len(), 10_000, "each is there once");
        let by_number: BTreeMap<i64, &NumberedTicket> =
            tickets.iter().map(|one| (one.number, one)).collect();
        for alert in &alerts {
            let ticket = by_number[&alert.ticket.unwrap()];
            // Its own case is part of the incident.
            let incident = ticket
                .ticket
                .incident
                .map_or(ticket, |number| by_number[&number]);
            assert_eq!(incident.ticket.incident_check.as_ref(), Some(&alert.check));
            let site = &world.devices[&*incident.ticket.site];
            assert!(site.contains(&alert.device_key), "{alert:?}");
        }
        let largest = tickets.iter().map(|one| one.ticket.devices.len()).max();
        assert_eq!(largest, Some(200), "the others are in its alerts");
        // Another round changes nothing.
        world.round().await;
        assert_eq!(world.tickets().await, tickets);

        // Somebody has taken one of them; then all is well again.
        let taken = tickets[0].number;
        let change = crate::store::tickets::TicketChange {
            number: taken,
            event: crate::desk::Event::Assigned {
                to: Some("ann".into()),
            },
            actor: "ann".into(),
            expected_version: None,
            at: now_us(),
        };
        world.store.change_ticket(change).await.unwrap();
        let all: Vec<i64> = world.keys().collect();
        world.report(&all, Status::Ok).await;
        world.round().await;
        assert_eq!(world.alerts().await, []);
        for ticket in world.tickets().await {
            let expected = match ticket.number == taken {
                true => State::Open,
                false => State::Resolved,
            };
            assert_eq!(ticket.ticket.state, expected, "{}", ticket.ticket.title);
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_after_a_maintenance_of_a_site_is_one_incident_then() {
    on_both(|store| async move {
        let mut world = World::new(store).await;
        let sites = world.store.sites().await.unwrap();
        let lyon = sites.iter().find(|site| site.name == "lyon").unwrap();
        let new = NewMaintenance {
            site_key: lyon.site_key,
            device_keys: vec![],
            plan: Plan {
                from: now_us() - HOUR_US,
                until: now_us() + HOUR_US,
                weekly: None,
            },
            reason: "a new switch".into(),
            created_by: "ann".into(),
            at: now_us(),
        };
        let id = world.store.plan_maintenance(new).await.unwrap();
        let struck: Vec<i64> = world.devices["lyon"][..20].to_vec();
        world.report(&struck, Status::Critical).await;
        world.round().await;
        assert_eq!(world.tickets().await, []);
        let alerts = world.alerts().await;
        assert_eq!(alerts.len(), 20 * CHECKS.len() * SUBJECTS);
        assert!(alerts.iter().all(|alert| alert.ticket.is_none()));
        // What is well by then opens nothing.
        world.report(&struck[10..], Status::Ok).await;
        world.round().await;
        world
            .store
            .end_maintenance(id, "ann", now_us())
            .await
            .unwrap();
        world.round().await;
        let tickets = world.tickets().await;
        assert_eq!(tickets.len(), CHECKS.len());
        for ticket in &tickets {
            assert!(ticket.ticket.incident_check.is_some());
            assert_eq!(ticket.ticket.devices.len(), 10);
        }
        assert!(
            world
                .alerts()
                .await
                .iter()
                .all(|alert| alert.ticket.is_some())
        );
    })
    .await;
}
