//! Clocks follow from events and rules, and from nothing else.

use super::super::super::desk_rules::{RuleKind, RuleRow};
use super::super::super::testing::{self, NOW, on_both};
use super::super::{OpenTicket, TicketChange};
use super::*;
use crate::desk::{Priority, Side, WaitingFor};
use crate::wording::wording;

const MINUTE_US: i64 = 60_000_000;

fn rule(kind: RuleKind, name: &str, body: Option<&str>, since: TimeUs) -> RuleRow {
    RuleRow {
        kind,
        name: name.into(),
        body: body.map(Into::into),
        since,
        changed_by: "ada".into(),
    }
}

/// Around the clock, so that minutes are minutes.
const ALWAYS: &str = r#"{"time_zone":"UTC","monday":["00:00-24:00"],"tuesday":["00:00-24:00"],
    "wednesday":["00:00-24:00"],"thursday":["00:00-24:00"],"friday":["00:00-24:00"],
    "saturday":["00:00-24:00"],"sunday":["00:00-24:00"]}"#;

fn agreement(resolution: u32) -> String {
    format!(
        r#"{{"calendar":"always","priorities":{{"normal":{{"first_response":60,"resolution":{resolution}}}}}}}"#
    )
}

async fn promise(store: &Store, resolution: u32, since: TimeUs) {
    let calendar = rule(RuleKind::Calendar, "always", Some(ALWAYS), since);
    store.set_desk_rule(calendar).await.unwrap();
    let body = agreement(resolution);
    let agreement = rule(RuleKind::Agreement, "gold", Some(&body), since);
    store.set_desk_rule(agreement).await.unwrap();
}

async fn open(store: &Store) {
    let ticket = OpenTicket {
        requester: Some("rosa".into()),
        ..testing::slow(vec![])
    };
    store.open_ticket(ticket).await.unwrap();
}

async fn happens(store: &Store, event: Event, at: TimeUs) {
    let change = TicketChange {
        number: 1,
        event,
        actor: "ann".into(),
        expected_version: None,
        at,
    };
    store.change_ticket(change).await.unwrap();
}

fn state(to: State, waiting_for: Option<WaitingFor>) -> Event {
    Event::StateChanged {
        to,
        waiting_for,
        reason: Some("so".into()),
        confirmation: None,
    }
}

/// Measure, minutes spent, minutes from the opening to what is due, whether it has ended.
async fn shown(store: &Store) -> Vec<(Measure, i64, Option<i64>, bool)> {
    let clocks = store.clocks(&[1]).await.unwrap();
    let show = |clock: TicketClock| {
        let due = clock.due_at.map(|due| (due - NOW) / MINUTE_US);
        (
            clock.measure,
            clock.spent_us / MINUTE_US,
            due,
            clock.ended_at.is_some(),
        )
    };
    clocks.into_iter().map(show).collect()
}

async fn queue_at(store: &Store) -> Option<i64> {
    let mut on = store.reader().await.unwrap();
    let found = Query::new("SELECT queue_at FROM tickets WHERE number = 1")
        .read_optional(&mut on, |columns| columns.opt_int());
    found.await.unwrap().flatten()
}

#[tokio::test]
async fn each_event_leaves_what_a_rebuild_makes() {
    use Measure::{FirstResponse, Resolution};
    on_both(|store| async move {
        promise(&store, 480, NOW - 1).await;
        open(&store).await;
        assert_eq!(
            shown(&store).await,
            [
                (FirstResponse, 0, Some(60), false),
                (Resolution, 0, Some(480), false)
            ]
        );
        assert_eq!(queue_at(&store).await, Some(NOW + 60 * MINUTE_US));
        // What is over is broken, though nobody has answered yet.
        for (minutes, expected) in [(60, None), (61, Some((FirstResponse, 1, 0)))] {
            let kept = store.kept(NOW, NOW + minutes * MINUTE_US, None).await;
            let kept = kept.unwrap();
            let kept = kept
                .first()
                .map(|kept| (kept.measure, kept.n_ended, kept.n_met));
            assert_eq!(kept, expected);
        }
        let answer = Event::Messaged {
            side: Side::Technician,
            text: "on it".into(),
            asked: None,
        };
        happens(&store, answer, NOW + 20 * MINUTE_US).await;
        let waits = state(State::Waiting, Some(WaitingFor::Part));
        happens(&store, waits, NOW + 30 * MINUTE_US).await;
        let paused = [
            (FirstResponse, 20, None, true),
            (Resolution, 30, None, false),
        ];
        assert_eq!(shown(&store).await, paused);
        let rank = rank(Priority::Normal);
        assert_eq!(queue_at(&store).await, Some(NOTHING_DUE + rank));
        happens(&store, state(State::Open, None), NOW + 90 * MINUTE_US).await;
        assert_eq!(shown(&store).await[1], (Resolution, 30, Some(540), false));

        let (clocks, at) = (store.clocks(&[1]).await.unwrap(), queue_at(&store).await);
        for spoil in [
            "DELETE FROM ticket_clocks RETURNING ticket",
            "UPDATE tickets SET queue_at = 5 RETURNING number",
        ] {
            testing::ask_writer(&store, spoil).await.unwrap();
        }
        store.rebuild_ticket(1).await.unwrap();
        assert_eq!(store.clocks(&[1]).await.unwrap(), clocks);
        assert_eq!(queue_at(&store).await, at);

        happens(&store, state(State::Proposed, None), NOW + 100 * MINUTE_US).await;
        happens(&store, state(State::Resolved, None), NOW + 200 * MINUTE_US).await;
        assert_eq!(shown(&store).await[1], (Resolution, 40, None, true));
        assert_eq!(queue_at(&store).await, None);
        let kept = store.kept(NOW, NOW + 300 * MINUTE_US, None).await.unwrap();
        let kept: Vec<_> = kept
            .iter()
            .map(|kept| (kept.measure, kept.n_ended, kept.n_met))
            .collect();
        assert_eq!(kept, [(FirstResponse, 1, 1), (Resolution, 1, 1)]);
        assert!(
            store
                .kept(NOW, NOW + 20 * MINUTE_US, None)
                .await
                .unwrap()
                .is_empty()
        );
        assert!(
            store
                .kept(NOW, i64::MAX, Some(&[77]))
                .await
                .unwrap()
                .is_empty()
        );
    })
    .await;
}

#[tokio::test]
async fn each_warning_is_given_once() {
    on_both(|store| async move {
        promise(&store, 600, NOW - 1).await;
        open(&store).await;
        let at = |minutes: i64| NOW + minutes * MINUTE_US;
        assert_eq!(store.warn_of_clocks(at(29), 100).await.unwrap(), []);
        assert_eq!(store.warn_of_clocks(at(30), 100).await.unwrap(), [(1, 2)]);
        assert_eq!(store.warn_of_clocks(at(31), 100).await.unwrap(), []);
        // Nobody looked for a long time.
        let late = at(601);
        while !store.warn_of_clocks(late, 1).await.unwrap().is_empty() {}
        let timeline = store.timeline(1, 0, 100).await.unwrap();
        let warned = timeline.iter().filter_map(|event| {
            let Happened::Known(Event::ClockWarned {
                measure, percent, ..
            }) = &event.event
            else {
                return None;
            };
            Some((*measure, *percent))
        });
        let warned: Vec<_> = warned.collect();
        use Measure::{FirstResponse, Resolution};
        // Of those that are late together, the highest.
        let expected = [
            (FirstResponse, 50),
            (FirstResponse, 80),
            (FirstResponse, 100),
            (Resolution, 100),
        ];
        assert_eq!(warned, expected);
        assert_eq!(shown(&store).await[0].2, Some(60));
    })
    .await;
}

#[tokio::test]
async fn other_rules_keep_what_was_spent_and_promise_anew() {
    on_both(|store| async move {
        promise(&store, 480, NOW - 1).await;
        open(&store).await;
        promise(&store, 100, NOW + 40 * MINUTE_US).await;
        assert_eq!(shown(&store).await[1].2, Some(480));
        assert_eq!(store.reckon_clocks(0, 10).await.unwrap(), Some(1));
        assert_eq!(store.reckon_clocks(1, 10).await.unwrap(), None);
        assert_eq!(
            shown(&store).await[1],
            (Measure::Resolution, 40, Some(100), false)
        );
        let clocks = store.clocks(&[1]).await.unwrap();
        store.rebuild_ticket(1).await.unwrap();
        assert_eq!(store.clocks(&[1]).await.unwrap(), clocks);
        let removed = rule(RuleKind::Agreement, "gold", None, NOW + 50 * MINUTE_US);
        store.set_desk_rule(removed).await.unwrap();
        store.reckon_clocks(0, 10).await.unwrap();
        assert!(store.clocks(&[1]).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_ticket_whose_history_is_broken_has_no_clocks_and_takes_work() {
    on_both(|store| async move {
        promise(&store, 480, NOW - 1).await;
        open(&store).await;
        happens(&store, state(State::Open, None), NOW + 1).await;
        let spoil = "UPDATE ticket_events SET body = '{\"kind\":\"state_changed\",\"to\":\"closed\"}' \
                     WHERE kind = 'state_changed' RETURNING ticket";
        testing::ask_writer(&store, spoil).await.unwrap();
        let waits = state(State::Waiting, Some(WaitingFor::Part));
        happens(&store, waits, NOW + 2).await;
        assert!(store.clocks(&[1]).await.unwrap().is_empty());
        let ticket = store.ticket(1).await.unwrap().unwrap();
        assert_eq!(ticket.ticket.state, State::Waiting);
    })
    .await;
}

#[tokio::test]
async fn a_calendar_that_is_counted_by_stays() {
    on_both(|store| async move {
        let lonely = rule(RuleKind::Agreement, "gold", Some(&agreement(9)), NOW);
        let missing = store.set_desk_rule(lonely).await;
        assert_eq!(missing, Err(StoreError::not_found(wording!("calendar"))));
        promise(&store, 9, NOW).await;
        let removed = |kind, name: &str| store.set_desk_rule(rule(kind, name, None, NOW));
        let refused = removed(RuleKind::Calendar, "always").await.unwrap_err();
        assert!(
            refused.to_string().contains("agreements count by it: gold"),
            "{refused}"
        );
        removed(RuleKind::Agreement, "gold").await.unwrap();
        removed(RuleKind::Calendar, "always").await.unwrap();
        assert!(
            store
                .desk_rules(RuleKind::Calendar)
                .await
                .unwrap()
                .is_empty()
        );
        let nothing = removed(RuleKind::Calendar, "always").await;
        assert_eq!(nothing, Err(StoreError::not_found(wording!("calendar"))));
    })
    .await;
}
