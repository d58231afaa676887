//! What the loop makes of what comes.

use sonde_proto::v1::to_agent;

use super::bench::{Bench, inside};
use super::connection::FromCollector;
use super::*;
use crate::help::{Answer, Asked, Refusal, Reply, Request, limits};
use crate::spool::Kind;

fn answer(collector_time_us: i64) -> FromCollector {
    let answer = v1::Answer {
        collector_time_us,
        ..v1::Answer::default()
    };
    let body = Some(to_agent::Body::Answer(answer));
    FromCollector::Message(v1::ToAgent { body })
}

#[tokio::test]
async fn a_clock_that_was_set_is_corrected_once() {
    inside(async {
        let mut driver = Bench::with("").driver;
        let true_us = clock::now().wall_us;
        // Set forward an hour since the last look, which was right.
        driver.seen.wall_us -= 3_600_000_000;
        driver.hear(answer(true_us)).unwrap();
        driver.look().unwrap();
        let off_us = driver.corrected_us(clock::now()) - true_us;
        assert!(off_us.abs() < 60_000_000, "{off_us}");
    })
    .await;
}

#[tokio::test]
async fn a_table_that_is_wanted_whole_while_it_is_read_is_read_again() {
    inside(async {
        let mut driver = Bench::with("").driver;
        let table = facts::ALL[0];
        let read = || Done::Read {
            table,
            whole: false,
            rows: Err(Unavailable::absent("rows")),
        };
        driver.read_table(table, false);
        driver.read_table(table, true);
        assert_eq!(driver.reading.get(table.name), Some(&true));
        driver.finish(read()).unwrap();
        assert_eq!(driver.reading.get(table.name), Some(&false));
        driver.finish(read()).unwrap();
        assert!(driver.reading.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_table_that_the_machine_was_too_busy_for_is_read_again_soon() {
    inside(async {
        let mut driver = Bench::with("").driver;
        let table = facts::find("updates").unwrap();
        let read = |rows| Done::Read {
            table,
            whole: false,
            rows: Err(rows),
        };
        let at = driver.look().unwrap().boot_us;
        // Its first reading is no longer due.
        driver.schedule.take_due(at);
        let is_due = |driver: &mut Driver| {
            let due = driver.schedule.take_due(at + READ_AGAIN_US + 60_000_000);
            due.iter()
                .any(|one| matches!(one, Due::Table(at) if facts::ALL[*at].name == "updates"))
        };
        driver.finish(read(Unavailable::absent("apt"))).unwrap();
        assert!(!is_due(&mut driver));
        let after = std::time::Duration::from_millis(1_600);
        let what = "updates".to_owned();
        driver
            .finish(read(Unavailable::Timeout {
                what: what.into(),
                after,
            }))
            .unwrap();
        assert!(is_due(&mut driver));
    })
    .await;
}

#[tokio::test]
async fn rows_that_are_not_told_are_counted_until_all_are() {
    inside(async {
        let mut driver = Bench::with("").driver;
        let table = facts::find("users").unwrap();
        let read = |n_rows: usize| Done::Read {
            table,
            whole: false,
            rows: Ok(facts::Reading {
                rows: (0..n_rows)
                    .map(|n| {
                        let cell = |_| facts::Value::from(n.to_string());
                        table.columns.iter().map(cell).collect()
                    })
                    .collect(),
                missing_rows: 0,
            }),
        };
        driver.finish(read(changes::TABLE_ROWS + 3)).unwrap();
        assert_eq!(driver.host.untold().get("users"), Some(&3));
        driver.finish(read(changes::TABLE_ROWS)).unwrap();
        assert!(driver.host.untold().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_task_that_breaks_is_heard_of() {
    let broken = async {
        tokio::task::yield_now().await;
        panic!("out of luck")
    };
    let said = unless_it_breaks(broken, |why| why).await;
    assert_eq!(said, "out of luck");
    assert_eq!(unless_it_breaks(async { 1 }, |_| 2).await, 1);
}

#[tokio::test]
async fn findings_that_gave_way_are_told_again_later() {
    inside(async {
        let mut driver = Bench::with("").driver;
        let now = driver.seen.boot_us;
        driver.tell_again(now).unwrap();
        assert_eq!(driver.tell_again_at, None);
        driver.state.spool.skip(Kind::Findings).unwrap();
        driver.tell_again(now).unwrap();
        assert_eq!(driver.tell_again_at, Some(now + TELL_AGAIN_US));
        driver.tell_again(now + TELL_AGAIN_US).unwrap();
        assert_eq!(driver.tell_again_at, None);
    })
    .await;
}

/// A user's question; the answers that have come.
fn ask(driver: &mut Driver, login: &str, request: Request) -> Vec<Reply> {
    let (answer, mut replies) = Answer::new();
    let asked = Asked {
        login: login.into(),
        full_name: "Rosa Marin".into(),
        is_root: false,
        request,
        answer,
    };
    driver.asked_by_user(asked).unwrap();
    std::iter::from_fn(|| replies.try_recv().ok()).collect()
}

fn say(text: &str) -> Request {
    Request::Say {
        text: text.into(),
        ticket: None,
        solved: false,
    }
}

#[tokio::test]
async fn what_a_user_says_is_safe_before_they_are_told_so() {
    inside(async {
        let mut driver = Bench::with("").driver;
        let told = ask(&mut driver, "rosa", say("no \u{1b}sound"));
        assert!(matches!(&told[..], [Reply::Kept { standing, .. }] if !standing.is_connected()));
        assert!(!driver.state.spool.is_dirty());
        let list = ask(&mut driver, "rosa", Request::Tickets { before: None });
        let [
            Reply::Unread {
                waiting,
                reason: None,
                ..
            },
        ] = &list[..]
        else {
            panic!("{list:?}");
        };
        assert_eq!(waiting[0].text, "no \u{fffd}sound");
        let other = ask(&mut driver, "bob", Request::Ticket { number: 1 });
        assert!(matches!(&other[..], [Reply::Unread { waiting, .. }] if waiting.is_empty()));
    })
    .await;
}

#[tokio::test]
async fn what_one_user_says_does_not_take_the_room_of_others() {
    inside(async {
        let mut driver = Bench::with("").driver;
        let refused = |replies: Vec<Reply>| match &replies[..] {
            [Reply::Refused { why }] => Some(*why),
            _ => None,
        };
        for n in 0..limits::WAITS_OF_ONE {
            assert_eq!(refused(ask(&mut driver, "rosa", say(&n.to_string()))), None);
        }
        let more = refused(ask(&mut driver, "rosa", say("more")));
        assert_eq!(more, Some(Refusal::TooMuchWaits));
        assert_eq!(refused(ask(&mut driver, "bob", say("hm"))), None);
        assert_eq!(
            refused(ask(&mut driver, "bob", say(" "))),
            Some(Refusal::Empty)
        );
        let users = ["a", "b", "c", "d", "e"].into_iter();
        let all = users.flat_map(|user| vec![user; limits::WAITS_OF_ONE]);
        let last = all
            .map(|user| refused(ask(&mut driver, user, say("x"))))
            .last();
        assert_eq!(last, Some(Some(Refusal::TooMuchWaits)));
        let n_said = driver
            .state
            .spool
            .reports()
            .filter(|(_, kind)| *kind == Kind::Said);
        assert_eq!(n_said.count(), limits::WAITS);
    })
    .await;
}
