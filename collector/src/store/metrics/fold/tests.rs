//! What is folded, and what is left when samples come late.

use super::super::super::reports::{Body, NewOutcome, NewReport};
use super::super::super::testing::{NOW, ask_writer, device, on_both};
use super::super::super::{Id, Store};
use super::super::{NewSeries, Point, Retention, Wanted};
use super::*;

const STEP_US: i64 = 15_000_000;

fn series(name: &str) -> NewSeries {
    NewSeries {
        name: name.into(),
        labels: String::new(),
        unit: "%".into(),
        scale: -1,
        counter: false,
    }
}

/// Samples of two series every 15 s: one that counts up, one that is always 7.
async fn report(store: &Store, key: i64, first_seq: u64, from: i64, n_samples: u64) {
    let reports = (0..n_samples).map(|n| NewReport {
        device_key: key,
        spool_id: Id([1; 16]),
        seq: first_seq + n,
        reported_at: 0,
        corrected_at: from + n as i64 * STEP_US,
        boot_id: "b".into(),
        outcome: NewOutcome::Committed(Body::Sample(vec![(0, n as i64), (1, 7)])),
    });
    store.record_reports(reports.collect()).await.unwrap();
}

async fn counted(store: &Store, question: &'static str) -> String {
    ask_writer(store, question).await.unwrap()
}

fn whole_day(name: &str) -> Wanted {
    Wanted {
        name: Some(name.into()),
        from: NOW,
        to: NOW + DAY_US,
        ..Wanted::default()
    }
}

#[tokio::test]
async fn samples_read_alike_raw_folded_to_hours_and_to_days() {
    on_both(|store| async move {
        let (_, key) = device(&store, "pc").await;
        let names = vec![series("cpu"), series("idle")];
        assert_eq!(store.name_series(key, names.clone()).await.unwrap(), [0, 1]);
        assert_eq!(store.name_series(key, names).await.unwrap(), [0, 1]);
        report(&store, key, 1, NOW, 480).await;
        let raw = store.read_metrics(key, &whole_day("cpu")).await.unwrap();
        assert_eq!(raw[0].samples.len(), 480);
        let rolled = store
            .read_rollup(key, &whole_day("cpu"), ONE_HOUR_US)
            .await
            .unwrap();
        let hours = Folded {
            n_hours: 1,
            ..Folded::default()
        };
        let soon = NOW + 3 * HOUR_US;
        assert_eq!(store.fold_metrics(soon, 10).await.unwrap(), hours);
        assert_eq!(store.fold_metrics(soon, 10).await.unwrap(), hours);
        assert_eq!(
            store.fold_metrics(soon, 10).await.unwrap(),
            Folded::default()
        );
        assert_eq!(
            counted(&store, "SELECT COUNT(*) FROM metric_raw").await,
            "0"
        );
        assert_eq!(
            store.read_metrics(key, &whole_day("cpu")).await.unwrap(),
            raw
        );
        // A report that was long on its way.
        report(&store, key, 1_000, NOW + 1, 1).await;
        store
            .fold_metrics(NOW + DAY_US + 4 * HOUR_US, 10)
            .await
            .unwrap();
        let late = store.read_metrics(key, &whole_day("cpu")).await.unwrap();
        assert_eq!(late[0].samples.len(), 481);
        assert_eq!(late[0].samples[1], (NOW + 1, 0));
        let blocks = counted(&store, "SELECT COUNT(*) FROM metric_blocks").await;
        assert_eq!(blocks, "3", "a day and its two roll-ups");
        let points = store
            .read_rollup(key, &whole_day("cpu"), ONE_HOUR_US)
            .await
            .unwrap();
        assert_eq!(points[0].points[1], rolled[0].points[1]);
        let second = Point {
            at: NOW + HOUR_US,
            least: 240,
            mean: 359,
            most: 479,
        };
        assert_eq!(points[0].points[1], second);
        let idle = store.read_metrics(key, &whole_day("idle")).await.unwrap();
        assert!(idle[0].samples.iter().all(|(_, value)| *value == 7));
    })
    .await;
}

#[tokio::test]
async fn what_is_older_than_it_is_kept_is_forgotten_and_roll_ups_stay() {
    on_both(|store| async move {
        let (_, key) = device(&store, "pc").await;
        store
            .name_series(key, vec![series("cpu"), series("idle")])
            .await
            .unwrap();
        report(&store, key, 1, NOW, 10).await;
        store.fold_metrics(NOW + 2 * DAY_US, 10).await.unwrap();
        let keep = Retention::default();
        let day_15 = NOW + 15 * DAY_US;
        assert_eq!(store.forget_old(keep, day_15).await.unwrap().n_blocks, 0);
        assert_eq!(
            store.forget_old(keep, day_15 + 1).await.unwrap().n_blocks,
            1
        );
        assert_eq!(
            store.read_metrics(key, &whole_day("cpu")).await.unwrap(),
            []
        );
        let rolled = store
            .read_rollup(key, &whole_day("cpu"), FIVE_MINUTES_US)
            .await
            .unwrap();
        assert_eq!(
            rolled[0].points[0],
            Point {
                at: NOW,
                least: 0,
                mean: 4,
                most: 9
            }
        );
        let gone = store.forget_old(keep, NOW + 402 * DAY_US).await.unwrap();
        assert_eq!(gone.n_blocks, 2);
    })
    .await;
}

#[tokio::test]
async fn samples_that_come_when_their_day_is_forgotten_leave_its_roll_ups_whole() {
    on_both(|store| async move {
        let (_, key) = device(&store, "pc").await;
        let names = vec![series("cpu"), series("idle")];
        store.name_series(key, names).await.unwrap();
        report(&store, key, 1, NOW, 480).await;
        let day_2 = NOW + 2 * DAY_US;
        store.fold_metrics(day_2, 10).await.unwrap();
        let rolled = async || {
            let wanted = whole_day("cpu");
            let rolled = store.read_rollup(key, &wanted, FIVE_MINUTES_US);
            rolled.await.unwrap().remove(0).points
        };
        let before = rolled().await;
        assert_eq!(before.len(), 24);
        let day_16 = NOW + 16 * DAY_US;
        store
            .forget_old(Retention::default(), day_16)
            .await
            .unwrap();
        // Twice, and once into a step that had none.
        for (seq, at) in [
            (1_000, NOW + 1),
            (1_001, NOW + 2),
            (1_002, NOW + 5 * HOUR_US),
        ] {
            report(&store, key, seq, at, 1).await;
            store.fold_metrics(day_16, 10).await.unwrap();
            store.fold_metrics(day_16, 10).await.unwrap();
        }
        let after = rolled().await;
        assert_eq!(after[..24], before[..]);
        let late = Point {
            at: NOW + 5 * HOUR_US,
            least: 0,
            mean: 0,
            most: 0,
        };
        assert_eq!(after[24..], [late]);
    })
    .await;
}

#[tokio::test]
async fn what_nobody_can_read_holds_nothing_up() {
    on_both(|store| async move {
        let (_, key) = device(&store, "pc").await;
        let names = vec![series("cpu"), series("idle")];
        store.name_series(key, names).await.unwrap();
        report(&store, key, 1, NOW, 10).await;
        report(&store, key, 100, NOW + HOUR_US, 10).await;
        garble_first_hour(&store, key).await;
        let mut folded = Folded::default();
        for _ in 0..3 {
            let round = store.fold_metrics(NOW + 3 * HOUR_US, 10).await.unwrap();
            folded.n_hours += round.n_hours;
            folded.n_set_aside += round.n_set_aside;
        }
        assert_eq!(folded.n_hours, 1);
        assert!(folded.n_set_aside > 0);
        let left = counted(&store, "SELECT COUNT(*) FROM metric_raw").await;
        assert_eq!(left, "0");
        let aside = counted(&store, "SELECT COUNT(*) FROM metrics_aside").await;
        assert_eq!(aside, folded.n_set_aside.to_string());
        let read = store.read_metrics(key, &whole_day("cpu")).await.unwrap();
        assert_eq!(read[0].samples.len(), 10);
        let forgotten = store
            .forget_old(Retention::default(), NOW + 40 * DAY_US)
            .await
            .unwrap();
        assert_eq!(forgotten.n_refused, folded.n_set_aside);
    })
    .await;
}

/// Bytes that are no samples, in the place of all rows of the first hour.
async fn garble_first_hour(store: &Store, device_key: i64) {
    store
        .write(device_key, |tx, device_key| {
            Box::pin(async move {
                Query::new("UPDATE metric_raw SET blob = $1 WHERE device_key = $2 AND at < $3")
                    .bind(&[0xff_u8; 4][..])
                    .bind(*device_key)
                    .bind(NOW + HOUR_US)
                    .execute(&mut tx.on)
                    .await
            })
        })
        .await
        .unwrap();
}
