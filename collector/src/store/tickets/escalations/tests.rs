//! Rules that hand on tickets, over the store.

use sonde_proto::v1::Status;

use super::super::super::alerts::Raise;
use super::super::super::desk_rules::{RuleKind, RuleRow};
use super::super::super::testing::{self, HOUR_US, NOW, device, on_both};
use super::super::{Happened, TicketChange};
use super::*;
use crate::desk::{Tier, WaitingFor};

const MINUTE_US: i64 = HOUR_US / 60;
const SLOW: &str = r#"{"to": "second", "when": {"in_tier": {"minutes": 60}}}"#;
const WORN: &str = r#"{"to": "third", "when": {"finding": {"area": "disk"}}}"#;

async fn set(store: &Store, name: &str, body: Option<&str>) {
    let rule = RuleRow {
        kind: RuleKind::Escalation,
        name: name.into(),
        body: body.map(str::to_owned),
        since: NOW,
        changed_by: "ada".into(),
    };
    store.set_desk_rule(rule).await.unwrap();
    // What the round of promises does when the rules have changed.
    let mut after = 0;
    while let Some(last) = store.reckon_clocks(after, 2).await.unwrap() {
        after = last;
    }
}

async fn happens(store: &Store, number: i64, minute: i64, event: Event) {
    let change = TicketChange {
        number,
        event,
        actor: "ann".into(),
        expected_version: None,
        at: NOW + minute * MINUTE_US,
    };
    store.change_ticket(change).await.unwrap();
}

fn to(to: State) -> Event {
    Event::StateChanged {
        to,
        waiting_for: (to == State::Waiting).then_some(WaitingFor::Part),
        reason: Some("so".into()),
        confirmation: None,
    }
}

/// Numbers of the tickets that are handed on by a minute, in rounds of two.
async fn handed_on(store: &Store, minute: i64) -> Vec<i64> {
    let mut numbers = Vec::new();
    loop {
        let done = store.escalate(NOW + minute * MINUTE_US, 2).await.unwrap();
        numbers.extend(done.changed.iter().map(|(number, _)| *number));
        if !done.is_more {
            return numbers;
        }
    }
}

async fn raise(store: &Store, device_key: i64, check: &str, minute: i64) {
    let raise = Raise {
        device_key,
        check: check.into(),
        subject: "/srv".into(),
        status: Status::Critical,
        at: NOW + minute * MINUTE_US,
    };
    store.raise_alert(raise, None).await.unwrap();
}

#[tokio::test]
async fn a_ticket_is_handed_on_when_its_time_has_come_and_who_had_it_watches_it() {
    on_both(|store| async move {
        for _ in 0..3 {
            store.open_ticket(testing::slow(vec![])).await.unwrap();
        }
        assert!(handed_on(&store, 1_000).await.is_empty());
        set(&store, "slow", Some(SLOW)).await;
        let taken = Event::Assigned {
            to: Some("bob".into()),
        };
        happens(&store, 1, 10, taken).await;
        happens(&store, 2, 10, to(State::Waiting)).await;
        happens(&store, 3, 10, to(State::Proposed)).await;
        assert!(handed_on(&store, 59).await.is_empty());
        assert_eq!(handed_on(&store, 60).await, [1]);
        assert!(handed_on(&store, 1_000).await.is_empty());
        let ticket = store.ticket(1).await.unwrap().unwrap().ticket;
        assert_eq!((ticket.tier, ticket.assignee), (Tier::Second, None));
        assert_eq!(ticket.marks.watchers, ["bob"]);
        let last = store.timeline(1, 0, 100).await.unwrap().pop().unwrap();
        assert_eq!(last.actor, "escalation slow");
        let handed = Event::TierChanged {
            to: Tier::Second,
            reason: "rule slow: it has been with the first tier for 60 min".into(),
        };
        assert_eq!(last.event, Happened::Known(handed));
        // What it waited does not count, nor what it was proposed.
        happens(&store, 2, 2_000, to(State::Open)).await;
        happens(&store, 3, 2_000, to(State::Open)).await;
        assert!(handed_on(&store, 2_049).await.is_empty());
        assert_eq!(handed_on(&store, 2_050).await, [2, 3]);
    })
    .await;
}

#[tokio::test]
async fn a_rule_that_is_no_more_hands_on_nothing_and_another_holds_at_once() {
    on_both(|store| async move {
        store.open_ticket(testing::slow(vec![])).await.unwrap();
        set(&store, "slow", Some(SLOW)).await;
        set(&store, "slow", None).await;
        assert!(handed_on(&store, 1_000).await.is_empty());
        let quick = SLOW.replace("60", "5");
        set(&store, "quick", Some(&quick)).await;
        assert_eq!(handed_on(&store, 5).await, [1]);
    })
    .await;
}

#[tokio::test]
async fn what_lasts_on_a_device_hands_on_its_tickets_whichever_came_first() {
    on_both(|store| async move {
        let (pc, pc_key) = device(&store, "pc").await;
        let (_, other_key) = device(&store, "other").await;
        for devices in [vec![pc.to_string()], vec![]] {
            store.open_ticket(testing::slow(devices)).await.unwrap();
        }
        set(&store, "worn", Some(WORN)).await;
        assert!(handed_on(&store, 1).await.is_empty());
        raise(&store, pc_key, "cpu.load", 2).await;
        raise(&store, other_key, "disk.space", 2).await;
        assert!(handed_on(&store, 3).await.is_empty());
        raise(&store, pc_key, "disk.space", 4).await;
        assert_eq!(handed_on(&store, 5).await, [1]);
        let last = store.timeline(1, 0, 100).await.unwrap().pop().unwrap();
        let handed = Event::TierChanged {
            to: Tier::Third,
            reason: "rule worn: disk.space /srv on pc is critical".into(),
        };
        assert_eq!(last.event, Happened::Known(handed));
        // The alert was there, and the device comes.
        happens(&store, 2, 6, to(State::Proposed)).await;
        let added = Event::DeviceAdded {
            device: pc.to_string(),
        };
        happens(&store, 2, 7, added).await;
        assert!(handed_on(&store, 8).await.is_empty());
        happens(&store, 2, 9, to(State::Open)).await;
        assert_eq!(handed_on(&store, 9).await, [2]);
        // Sent back: the alert that was there hands it on no more, a newer one does.
        let back = Event::TierChanged {
            to: Tier::First,
            reason: "a new disk is on its way".into(),
        };
        happens(&store, 2, 10, back).await;
        assert!(handed_on(&store, 11).await.is_empty());
        raise(&store, pc_key, "disk.smart", 12).await;
        assert_eq!(handed_on(&store, 12).await, [2]);
    })
    .await;
}

#[tokio::test]
async fn whoever_tries_a_rule_is_told_what_it_would_do_and_nothing_is_done() {
    on_both(|store| async move {
        for _ in 0..3 {
            store.open_ticket(testing::slow(vec![])).await.unwrap();
        }
        happens(&store, 2, 1, to(State::Proposed)).await;
        let rule = || Named {
            name: "slow".into(),
            rule: serde_json::from_str(SLOW).unwrap(),
        };
        let tried = async |after, minute| {
            let now = NOW + minute * MINUTE_US;
            let tried = store.try_escalation(rule(), None, now, after, 2).await;
            let (tried, last) = tried.unwrap();
            let numbers: Vec<i64> = tried.iter().map(|one| one.ticket.number).collect();
            (numbers, last)
        };
        assert_eq!(tried(0, 60).await, (vec![1, 3], Some(3)));
        assert_eq!(tried(1, 60).await, (vec![3], Some(3)));
        assert_eq!(tried(3, 60).await, (vec![], None));
        assert_eq!(tried(0, 59).await, (vec![], Some(3)));
        let elsewhere = store
            .try_escalation(rule(), Some(&[99]), i64::MAX, 0, 9)
            .await;
        assert_eq!(elsewhere.unwrap(), (vec![], None));
        assert_eq!(
            store.ticket(1).await.unwrap().unwrap().ticket.tier,
            Tier::First
        );
    })
    .await;
}
