//! The words of a ticket choose what is frozen, by the clocks of its site.

use super::super::super::desk_rules::{RuleKind, RuleRow};
use super::super::super::metrics::NewSeries;
use super::super::super::reports::{Body, NewOutcome, NewReport};
use super::super::super::testing::{HOUR_US, NOW, device, on_both, slow};
use super::super::super::tickets::{Happened, OpenTicket};
use super::super::super::{Id, Store, TimeUs};
use super::FrozenWindow;
use crate::desk::event::{Event, Window};

const MINUTE_US: i64 = 60_000_000;
/// 2026-01-01, 16:00 in Paris.
const AT: TimeUs = NOW + 15 * HOUR_US;

/// Tickets of all sites count by the clocks of Paris.
async fn in_paris(store: &Store) {
    let hours = r#"{"time_zone":"Europe/Paris","monday":["08:00-18:00"]}"#;
    let gold = r#"{"calendar":"paris","priorities":{"normal":{"resolution":600}}}"#;
    for (kind, name, body) in [
        (RuleKind::Calendar, "paris", hours),
        (RuleKind::Agreement, "gold", gold),
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

/// A value each minute of the day that ends at `AT`: how many minutes it is since that day began in UTC.
async fn measured(store: &Store, key: i64) {
    let load = NewSeries {
        name: "load".into(),
        labels: String::new(),
        unit: String::new(),
        scale: 0,
        counter: false,
    };
    store.name_series(key, vec![load]).await.unwrap();
    let reports = (-540..=900).zip(1..).map(|(minute, seq)| NewReport {
        device_key: key,
        spool_id: Id([1; 16]),
        seq,
        reported_at: 0,
        corrected_at: NOW + minute * MINUTE_US,
        boot_id: "b".into(),
        outcome: NewOutcome::Committed(Body::Sample(vec![(0, minute)])),
    });
    store.record_reports(reports.collect()).await.unwrap();
}

fn about(title: &str, note: Option<&str>, devices: Vec<String>) -> OpenTicket {
    OpenTicket {
        title: title.into(),
        note: note.map(str::to_owned),
        at: AT,
        ..slow(devices)
    }
}

/// What the ticket's snapshots say, the oldest first.
async fn windows(store: &Store, ticket: i64) -> Vec<Option<Window>> {
    let timeline = store.timeline(ticket, 0, 100).await.unwrap();
    let taken = timeline
        .into_iter()
        .filter_map(|happened| match happened.event {
            Happened::Known(Event::SnapshotTaken { window, .. }) => Some(window),
            Happened::Known(_) | Happened::Unknown { .. } => None,
        });
    taken.collect()
}

fn window(words: &str, from_at: i64, to_at: i64) -> Option<Window> {
    Some(Window {
        words: words.into(),
        from_at,
        to_at,
    })
}

/// The window in a snapshot's content.
async fn frozen(store: &Store, id: Id) -> Option<FrozenWindow> {
    let (_, body) = store.snapshot(id).await.unwrap().unwrap();
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    serde_json::from_value(body["window"].clone()).unwrap()
}

#[tokio::test]
async fn since_this_morning_freezes_what_was_measured_from_this_morning() {
    on_both(|store| async move {
        in_paris(&store).await;
        let (id, key) = device(&store, "pc").await;
        measured(&store, key).await;
        let ticket = about("no sound since this morning", None, vec![id.to_string()]);
        store.open_ticket(ticket).await.unwrap();
        let taken = store.take_snapshot(1, key, false, "ann", AT).await.unwrap();
        // 06:00 in Paris.
        let morning = NOW + 5 * HOUR_US;
        let expected = window("since this morning", morning, AT);
        assert_eq!(windows(&store, 1).await, [expected]);
        let frozen = frozen(&store, taken.id).await.unwrap();
        assert_eq!((frozen.from_us, frozen.to_us), (morning, AT));
        assert_eq!(frozen.metrics.step_us, 5 * MINUTE_US);
        let courses = frozen.metrics.courses().unwrap();
        let (series, points) = &courses[0];
        assert_eq!((series.name.as_str(), points.len()), ("load", 121));
        let shown = |at: usize| {
            (
                points[at].at,
                points[at].least,
                points[at].mean,
                points[at].most,
            )
        };
        assert_eq!(shown(0), (morning, 300, 302, 304));
        // The last moment is in it, and nothing after it.
        assert_eq!(shown(120), (AT, 900, 900, 900));
        // Whoever freezes it once more freezes what is.
        store
            .take_snapshot(1, key, false, "ann", AT + 1)
            .await
            .unwrap();
        assert_eq!(windows(&store, 1).await.pop(), Some(None));
    })
    .await;
}

#[tokio::test]
async fn the_first_text_counts_where_the_title_says_nothing() {
    on_both(|store| async move {
        in_paris(&store).await;
        let (id, key) = device(&store, "pc").await;
        for (title, note, expected) in [
            ("slow", None, None),
            (
                "slow",
                Some("elle dit : depuis une heure"),
                window("depuis une heure", AT - 75 * MINUTE_US, AT),
            ),
            (
                "since 15:30",
                Some("since this morning"),
                window("since 15:30", AT - 45 * MINUTE_US, AT),
            ),
            ("the 10 printers", Some("since 2019"), None),
        ] {
            let ticket = about(title, note, vec![id.to_string()]);
            let number = store.open_ticket(ticket).await.unwrap().number;
            let taken = store
                .take_snapshot(number, key, true, "ann", AT)
                .await
                .unwrap();
            let said = windows(&store, number).await;
            assert_eq!(said, std::slice::from_ref(&expected), "{title} {note:?}");
            let frozen = frozen(&store, taken.id).await;
            assert_eq!(frozen.is_some(), expected.is_some());
        }
    })
    .await;
}

#[tokio::test]
async fn a_device_that_comes_back_late_gives_what_was_meant_when_it_was_said() {
    on_both(|store| async move {
        in_paris(&store).await;
        let (id, key) = device(&store, "pc").await;
        let ticket = about("il y a une heure il a planté", None, vec![id.to_string()]);
        store.open_ticket(ticket).await.unwrap();
        store.take_snapshot(1, key, true, "ann", AT).await.unwrap();
        // It was off the network, and tells of it hours later.
        measured(&store, key).await;
        let back = AT + 3 * HOUR_US;
        let taken = store.complete_snapshots(key, back).await.unwrap();
        let expected = window("il y a une heure", AT - 75 * MINUTE_US, AT);
        let both = [expected.clone(), expected];
        assert_eq!(windows(&store, 1).await, both);
        let courses = frozen(&store, taken[0].id).await.unwrap().metrics;
        let courses = courses.courses().unwrap();
        let (_, points) = &courses[0];
        assert_eq!((points[0].at, points[0].mean), (AT - 75 * MINUTE_US, 825));
        assert_eq!(points.last().map(|point| point.at), Some(AT));
    })
    .await;
}

#[tokio::test]
async fn a_short_time_is_frozen_whole_and_a_long_one_in_steps() {
    on_both(|store| async move {
        let (_, key) = device(&store, "pc").await;
        measured(&store, key).await;
        for (minutes, step, n_points) in [(30, 0, 31), (31, 1, 32), (121, 5, 26), (1_440, 15, 97)] {
            let frozen = store.freeze_metrics(key, AT - minutes * MINUTE_US, AT);
            let frozen = frozen.await.unwrap();
            assert_eq!(frozen.step_us, step * MINUTE_US, "{minutes}");
            let courses = frozen.courses().unwrap();
            assert_eq!(courses[0].1.len(), n_points, "{minutes}");
            let again = serde_json::to_string(&frozen).unwrap();
            assert!(again.len() < 3_000, "{}", again.len());
            assert_eq!(
                serde_json::from_str::<super::super::super::metrics::Frozen>(&again).unwrap(),
                frozen
            );
        }
        let nothing = store
            .freeze_metrics(key, AT + HOUR_US, AT + 2 * HOUR_US)
            .await;
        assert_eq!(nothing.unwrap().courses().unwrap(), []);
    })
    .await;
}
