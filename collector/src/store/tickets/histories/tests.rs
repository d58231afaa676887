//! What is loaded is what would have happened.

use super::super::super::desk_rules::{RuleKind, RuleRow};
use super::super::super::search::tests::shown;
use super::super::super::testing::{NOW, device, on_both};
use super::super::{OpenTicket, TicketChange};
use super::*;
use crate::desk::{Priority, Side};
use crate::store::Columns;
use crate::wording::wording;

const MINUTE_US: i64 = 60_000_000;

/// Nine tickets, on each of which something else happened.
fn histories(devices: &[String]) -> Vec<History> {
    let text = |text: &str| text.to_owned();
    let to = |to: State, waiting_for, reason: Option<&str>| Event::StateChanged {
        to,
        waiting_for,
        reason: reason.map(str::to_owned),
        confirmation: None,
    };
    let ways = [
        vec![],
        vec![
            Event::Assigned {
                to: Some(text("bob")),
            },
            Event::Assigned { to: None },
        ],
        vec![
            Event::DeviceAdded {
                device: devices[0].clone(),
            },
            Event::DeviceRemoved {
                device: devices[0].clone(),
                goes_on_as: None,
            },
            Event::WorkAsked {
                job: text("j"),
                device: devices[1].clone(),
                title: text("net.dns"),
                consent: None,
            },
            Event::DeviceAdded {
                device: devices[0].clone(),
            },
        ],
        vec![to(
            State::Waiting,
            Some(WaitingFor::Part),
            Some("a new cable"),
        )],
        vec![
            Event::Messaged {
                side: Side::Technician,
                text: text("0x80070005, printer of pc-1"),
                asked: None,
            },
            Event::Messaged {
                side: Side::Requester,
                text: text("toujours éteinte"),
                asked: None,
            },
        ],
        vec![
            to(State::Proposed, None, Some("cable")),
            to(State::Resolved, None, None),
        ],
        vec![
            to(State::Proposed, None, None),
            to(State::Resolved, None, None),
            to(State::Closed, None, None),
        ],
        vec![Event::TierChanged {
            to: Tier::Second,
            reason: text("the network team"),
        }],
        vec![Event::PriorityChanged {
            to: Priority::Urgent,
            weight: None,
        }],
    ];
    let all = (0..).zip(ways).map(|(n, way)| {
        let opened = Event::Opened {
            title: format!("The printer {n} prints nothing"),
            site: text("default"),
            priority: Priority::Normal,
            requester: Some(text("Rosa Élan")).filter(|_| n != 1),
            asked: None,
            person: None,
            weight: None,
        };
        let opened = (opened, text("ann"), NOW + n * MINUTE_US);
        let later = (1..)
            .zip(way)
            .map(|(step, event)| (event, text("bob"), NOW + (n + 10 * step) * MINUTE_US));
        History([opened].into_iter().chain(later).collect())
    });
    all.collect()
}

async fn prepared(store: &Store) -> Vec<String> {
    let (one, _) = device(store, "pc-1").await;
    let (other, _) = device(store, "pc-2").await;
    let always = r#"{"time_zone":"UTC","monday":["00:00-24:00"],"tuesday":["00:00-24:00"]}"#;
    let gold = r#"{"calendar":"office","priorities":{"normal":{"first_response":60,"resolution":480,"tier":90}}}"#;
    for (kind, name, body) in [
        (RuleKind::Calendar, "office", always),
        (RuleKind::Agreement, "gold", gold),
    ] {
        let rule = RuleRow {
            kind,
            name: name.into(),
            body: Some(body.into()),
            since: NOW - 1_000,
            changed_by: "ada".into(),
        };
        store.set_desk_rule(rule).await.unwrap();
    }
    vec![one.to_string(), other.to_string()]
}

async fn by_hand(store: &Store, histories: Vec<History>) {
    for (number, history) in (1..).zip(histories) {
        for (event, actor, at) in history.0 {
            if let Event::Opened {
                title,
                site,
                priority,
                requester,
                ..
            } = event
            {
                let ticket = OpenTicket {
                    title,
                    site,
                    priority,
                    requester,
                    person: None,
                    weight: None,
                    devices: vec![],
                    note: None,
                    opened_by: actor,
                    at,
                };
                store.open_ticket(ticket).await.unwrap();
                continue;
            }
            let change = TicketChange {
                number,
                event,
                actor,
                expected_version: None,
                at,
            };
            // By the rules alone: nobody asks here whether a check is still wrong.
            store
                .write(change, |tx, change| {
                    Box::pin(super::super::apply(tx, change))
                })
                .await
                .unwrap();
        }
    }
}

/// Every row of the tickets' tables. Devices, whose ids are drawn, by their names.
async fn rows(store: &Store, devices: &[String]) -> String {
    let mut on = store.reader().await.unwrap();
    let mut all = Vec::new();
    let read = |columns: &mut Columns<'_>, texts: usize, ints: usize| {
        let mut row = Vec::new();
        for _ in 0..texts {
            row.push(columns.opt_text()?.unwrap_or_else(|| "-".into()));
        }
        for _ in 0..ints {
            row.push(columns.opt_int()?.map_or("-".into(), |n| n.to_string()));
        }
        Ok::<String, StoreError>(row.join("|"))
    };
    for (texts, ints, query) in [
        (
            8,
            10,
            "SELECT 'ticket', title, state, waiting_for, requester, assignee, opened_by, tier, number, site_key, priority, \
             opened_at, changed_at, version, incident, state_since, queue_at, LENGTH(incident_check) FROM tickets ORDER BY number",
        ),
        (
            4,
            3,
            "SELECT 'event', actor, kind, body, ticket, number, at FROM ticket_events ORDER BY ticket, number",
        ),
        (
            1,
            3,
            "SELECT 'device', ticket, position, device_key FROM ticket_devices ORDER BY ticket, position",
        ),
        (
            4,
            11,
            "SELECT 'clock', measure, tier, agreement, ticket, position, target_us, spent_us, reckoned_at, reached_at, \
             is_running, due_at, ended_at, warn_percent, warn_at FROM ticket_clocks ORDER BY ticket, position",
        ),
    ] {
        let found = Query::new(query).all(&mut on).await.unwrap();
        for row in &found {
            all.push(read(&mut Columns::of(row), texts, ints).unwrap());
        }
    }
    drop(on);
    all.push(shown(store).await);
    let mut text = all.join("\n");
    for (id, name) in devices.iter().zip(["<pc-1>", "<pc-2>"]) {
        text = text.replace(id, name);
    }
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines.join("\n")
}

#[tokio::test]
async fn what_is_loaded_is_what_would_have_happened() {
    on_both(|store| async move {
        let folder = super::super::super::testing::Folder::new();
        let ordinary = Store::open(&folder.sqlite_url()).await.unwrap();
        let devices = prepared(&ordinary).await;
        by_hand(&ordinary, histories(&devices)).await;
        let expected = rows(&ordinary, &devices).await;
        ordinary.close().await;
        assert!(expected.contains("clock|resolution|-|gold|"), "{expected}");

        let devices = prepared(&store).await;
        let mut loader = TicketLoader::new(store.clone()).await.unwrap();
        assert_eq!(loader.wanted(), 4_095);
        let mut histories = histories(&devices);
        let second = histories.split_off(4);
        loader.take(histories).await.unwrap();
        loader.take(second).await.unwrap();
        loader.finish().await.unwrap();
        let loaded = rows(&store, &devices).await;
        let missing: Vec<&str> = expected
            .lines()
            .filter(|line| !loaded.lines().any(|one| one == *line))
            .collect();
        let invented: Vec<&str> = loaded
            .lines()
            .filter(|line| !expected.lines().any(|one| one == *line))
            .collect();
        assert_eq!(invented, missing);
        assert_eq!(loaded, expected);
        let again = TicketLoader::new(store).await.err();
        assert_eq!(
            again,
            Some(StoreError::refused(
                "store",
                wording!("there are tickets in it")
            ))
        );
    })
    .await;
}
