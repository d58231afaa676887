//! Everything that follows from tickets' events is deleted, made anew from them, and compared.

use std::collections::BTreeSet;

use serde_json::Map;
use sqlx::Row as _;

use super::super::assets::NewAsset;
use super::super::desk_rules::{RuleKind, RuleRow};
use super::super::testing::{self, NOW, ask_writer, device, on_both};
use super::*;
use crate::desk::asset::{Details, Kind};
use crate::desk::consent::{Answer, Purpose, Way};
use crate::desk::mark::Relation;
use crate::desk::matrix::{Impact, Urgency};
use crate::desk::sla::Measure;
use crate::desk::{Confirmation, Side, Tier, WaitingFor};

const HOUR_US: i64 = 3_600_000_000;
const ALWAYS: &str = r#"{"time_zone":"Europe/Paris","monday":["08:00-18:00"],"tuesday":["08:00-18:00"],
    "wednesday":["08:00-18:00"],"thursday":["08:00-18:00"],"friday":["08:00-18:00"]}"#;
const GOLD: &str = r#"{"calendar":"always","priorities":{"normal":{"first_response":60,"next_response":60,
    "resolution":600,"tier":300},"high":{"resolution":300}}}"#;

const SLOW: &str = r#"{"to":"second","when":{"in_tier":{"minutes":600}}}"#;

/// Each projection whole, in an order that does not depend on how its rows came.
const PROJECTIONS: [(&str, &str); 7] = [
    ("tickets", "SELECT * FROM tickets ORDER BY number"),
    (
        "ticket_devices",
        "SELECT * FROM ticket_devices ORDER BY ticket, device_key",
    ),
    (
        "ticket_assets",
        "SELECT * FROM ticket_assets ORDER BY ticket, asset",
    ),
    (
        "ticket_clocks",
        "SELECT * FROM ticket_clocks ORDER BY ticket, position",
    ),
    (
        "ticket_marks",
        "SELECT * FROM ticket_marks ORDER BY ticket, kind, word, other",
    ),
    (
        "ticket_persons",
        "SELECT * FROM ticket_persons ORDER BY ticket, person",
    ),
    ("consents", "SELECT * FROM consents ORDER BY id"),
];

const SPOILS: [&str; 11] = [
    "DELETE FROM ticket_devices RETURNING ticket",
    "DELETE FROM ticket_assets RETURNING ticket",
    "DELETE FROM ticket_clocks RETURNING ticket",
    "DELETE FROM ticket_marks RETURNING ticket",
    "DELETE FROM ticket_persons RETURNING ticket",
    "DELETE FROM consents RETURNING ticket",
    "DELETE FROM search_words RETURNING n_tickets",
    "DELETE FROM search_stems RETURNING word_key",
    "DELETE FROM search_blocks RETURNING block",
    "DELETE FROM search_bags RETURNING ticket",
    // The events refer to the rows; nothing of what they say is left in them.
    "UPDATE tickets SET title = '', state = 'new', state_since = 0, waiting_for = NULL, n_rechecks = 0, recheck_at = NULL, \
     priority = 4, requester = NULL, person = NULL, requester_group = NULL, impact = NULL, urgency = NULL, assignee = NULL, tier = 'first', incident = NULL, incident_check = NULL, \
     asked_device_key = NULL, asked_login = NULL, asked_said = NULL, asked_at = NULL, opened_by = '', opened_at = 0, changed_at = 0, \
     version = 1, queue_at = NULL, escalate_at = NULL RETURNING number",
];

/// Every row of every projection, a line each.
async fn projections(store: &Store) -> Vec<String> {
    let mut lines = Vec::new();
    let mut on = store.reader().await.unwrap();
    for (table, all) in PROJECTIONS {
        for row in Query::new(all).all(&mut on).await.unwrap() {
            let cell = |at: usize| -> String {
                if let Ok(number) = row.try_get::<Option<i64>, _>(at) {
                    return format!("{number:?}");
                }
                if let Ok(text) = row.try_get::<Option<String>, _>(at) {
                    return format!("{text:?}");
                }
                let bytes: Option<Vec<u8>> = row.try_get(at).unwrap();
                format!("{bytes:?}")
            };
            let cells: Vec<String> = (0..row.len()).map(cell).collect();
            lines.push(format!("{table}: {}", cells.join(" ")));
        }
    }
    drop(on);
    lines.push(super::super::search::tests::shown(store).await);
    lines
}

async fn promise(store: &Store) {
    for (kind, name, body) in [
        (RuleKind::Calendar, "always", ALWAYS),
        (RuleKind::Agreement, "gold", GOLD),
        (RuleKind::Escalation, "slow", SLOW),
    ] {
        let rule = RuleRow {
            kind,
            name: name.into(),
            body: Some(body.into()),
            since: NOW - HOUR_US,
            changed_by: "ada".into(),
        };
        store.set_desk_rule(rule).await.unwrap();
    }
}

fn to(state: State) -> Event {
    Event::StateChanged {
        to: state,
        waiting_for: (state == State::Waiting).then_some(WaitingFor::Part),
        reason: Some("so".into()),
        confirmation: (state == State::Resolved).then_some(Confirmation::Requester),
    }
}

/// Events of one ticket of its own, an hour apart: every kind but those that only come with others.
fn history(device: &str, other: &str, assets: &[String; 2]) -> Vec<Event> {
    let text = str::to_owned;
    let consent = || Id([7; 16]).to_string();
    let message = |side| Event::Messaged {
        side,
        text: text("since monday"),
        asked: None,
    };
    let purpose = Purpose {
        device: text(device),
        action: text("process.terminate"),
        parameters: Map::new(),
    };
    vec![
        Event::Noted {
            text: text("called back"),
        },
        message(Side::Technician),
        message(Side::Requester),
        Event::Assigned {
            to: Some(text("bob")),
        },
        Event::PriorityChanged {
            to: Priority::High,
            weight: Some(Weight {
                impact: Impact::High,
                urgency: Urgency::Medium,
            }),
        },
        Event::RequesterChanged {
            to: text("Rosa Élan"),
            person: Some(Listed {
                id: Some(Id([6; 16]).to_string()),
                group: Some(text("Ventes")),
            }),
        },
        Event::TierChanged {
            to: Tier::Second,
            reason: text("network"),
        },
        Event::DeviceAdded {
            device: text(other),
        },
        Event::DeviceRemoved {
            device: text(other),
            goes_on_as: None,
        },
        Event::DeviceAway {
            device: text(device),
            seen_at: NOW,
        },
        Event::AssetAdded {
            asset: assets[0].clone(),
        },
        Event::AssetAdded {
            asset: assets[1].clone(),
        },
        Event::AssetRemoved {
            asset: assets[0].clone(),
        },
        Event::ConsentAsked {
            consent: consent(),
            purpose,
            plan: None,
            expires_at: NOW + 100 * HOUR_US,
        },
        Event::ConsentUnanswered {
            consent: consent(),
            reason: text("silent"),
        },
        Event::ConsentAnswered {
            consent: consent(),
            answer: Answer::Ticket,
            way: Way::Page,
        },
        Event::WorkAsked {
            job: Id([8; 16]).to_string(),
            device: text(device),
            title: text("process.terminate apply"),
            consent: Some(consent()),
        },
        Event::WorkEnded {
            job: Id([8; 16]).to_string(),
            device: text(device),
            title: text("process.terminate apply"),
            state: text("succeeded"),
        },
        Event::ConsentWithdrawn { consent: consent() },
        Event::RemoteOpened {
            device: text(device),
            tool: text("RustDesk"),
        },
        Event::SnapshotTaken {
            snapshot: Id([9; 16]).to_string(),
            device: text(device),
            partial: true,
            window: None,
        },
        Event::Attached {
            attachment: Id([5; 16]).to_string(),
            name: text("screen.png"),
            media_type: text("image/png"),
            n_bytes: 7,
            sha256: text("ab"),
            side: Some(Side::Technician),
        },
        Event::TagAdded { tag: text("vpn") },
        Event::TagAdded {
            tag: text("printer"),
        },
        Event::TagRemoved { tag: text("vpn") },
        Event::WatcherAdded {
            account: text("eve"),
        },
        Event::WatcherRemoved {
            account: text("eve"),
        },
        Event::Linked {
            relation: Relation::CausedBy,
            ticket: 2,
        },
        Event::Linked {
            relation: Relation::DuplicateOf,
            ticket: 2,
        },
        Event::Unlinked {
            relation: Relation::DuplicateOf,
            ticket: 2,
        },
        Event::ClockWarned {
            measure: Measure::Resolution,
            tier: None,
            percent: 50,
        },
        Event::JoinedIncident { incident: 2 },
        to(State::Waiting),
        to(State::Open),
        to(State::Proposed),
        to(State::Resolved),
        Event::Rechecked {},
    ]
}

async fn asset(store: &Store, name: &str) -> String {
    let asset = NewAsset {
        site: "default".into(),
        details: Details {
            kind: Kind::Printer,
            name: name.into(),
            address: None,
            port: None,
            serial: None,
            model: None,
            place: None,
            note: String::new(),
        },
        by: "ann".into(),
        at: NOW,
    };
    store.add_asset(asset).await.unwrap().to_string()
}

/// One ticket of each kind; gives their numbers.
async fn some_tickets(store: &Store) -> Vec<i64> {
    let (id, key) = device(store, "pc-lab-7").await;
    let (other, _) = device(store, "desk-9").await;
    let asked_for = |title: &str, devices: Vec<String>| OpenTicket {
        title: title.into(),
        requester: Some("Rosa Élan".into()),
        note: Some("error 0x80070005".into()),
        ..testing::slow(devices)
    };
    let opened = asked_for("The printer prints nothing", vec![id.to_string()]);
    store.open_ticket(opened).await.unwrap();
    let incident = OpenIncident {
        check: "net.dns".into(),
        ticket: testing::slow(vec![other.to_string()]),
    };
    store.open_incident(incident).await.unwrap();
    let assets = [asset(store, "Printer 3").await, asset(store, "Hub").await];
    let history = history(id.as_str(), other.as_str(), &assets);
    for (event, hour) in history.into_iter().zip(1..) {
        let change = TicketChange {
            number: 1,
            event,
            actor: "ann".into(),
            expected_version: None,
            at: NOW + hour * HOUR_US,
        };
        store.change_ticket(change).await.unwrap();
    }
    for title in ["no sound", "no sound at all"] {
        store.open_ticket(asked_for(title, vec![])).await.unwrap();
    }
    let merge = MergeTickets {
        number: 4,
        into: 3,
        actor: "ann".into(),
        at: NOW + HOUR_US,
    };
    store.merge_tickets(merge).await.unwrap();
    let split = SplitTicket {
        number: 3,
        title: "and no picture".into(),
        devices: vec![],
        events: vec![],
        actor: "ann".into(),
        at: NOW + 2 * HOUR_US,
    };
    store.split_ticket(split).await.unwrap();
    let said = NewSaid {
        said_id: Id([3; 16]),
        login: "rosa".into(),
        full_name: String::new(),
        text: "it is slow".into(),
        ticket: None,
        solved: false,
        asked_at: NOW - HOUR_US,
        taken_at: NOW,
    };
    let said = store.write((key, said), |tx, (key, said)| {
        Box::pin(help::take(tx, *key, said))
    });
    said.await.unwrap();
    (1..=6).collect()
}

#[tokio::test]
async fn every_projection_follows_from_the_events() {
    on_both(|store| async move {
        promise(&store).await;
        let numbers = some_tickets(&store).await;
        let mut kinds = BTreeSet::new();
        for number in &numbers {
            for happened in store.timeline(*number, 0, 1_000).await.unwrap() {
                match happened.event {
                    Happened::Known(event) => kinds.insert(event.kind()),
                    Happened::Unknown { kind, .. } => panic!("{kind} is not known"),
                };
            }
        }
        assert_eq!(
            kinds.len(),
            32,
            "a kind of event is not tried here: {kinds:?}"
        );
        let before = projections(&store).await;
        for table in PROJECTIONS.map(|(table, _)| table) {
            let has_rows = before
                .iter()
                .any(|line| line.starts_with(&format!("{table}: ")));
            assert!(has_rows, "{table} is empty");
        }
        for spoil in SPOILS {
            ask_writer(&store, spoil).await.unwrap();
        }
        assert_ne!(projections(&store).await, before);
        for number in numbers {
            store.rebuild_ticket(number).await.unwrap();
        }
        let after = projections(&store).await;
        for (before, after) in before.iter().zip(&after) {
            assert_eq!(after, before);
        }
        assert_eq!(after.len(), before.len());
    })
    .await;
}
