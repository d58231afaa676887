//! What is found is what a look at every ticket would find.

use std::collections::BTreeMap;

use super::super::*;
use super::{found_in, happens, open};
use crate::desk::view::Whose;
use crate::desk::{Priority, State, Tier, WaitingFor};
use crate::store::testing::{self, on_both};
use crate::store::tickets::TicketFilter;

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 4, ..Default::default() })]

    /// What is found is what a look at every ticket would find, across blocks of the index.
    #[test]
    fn nothing_is_missed_and_nothing_is_invented(
        tickets in proptest::collection::vec((0_u8..32, 0_i64..40_000), 1..40),
        questions in proptest::collection::vec(0_u8..32, 1..8),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(on_both(|store| {
            let (tickets, questions) = (tickets.clone(), questions.clone());
            async move { found_as_by_hand(&store, tickets, questions).await }
        }));
    }
}

/// Which of five words a ticket has are the bits of a number.
fn of_bits(bits: u8) -> String {
    let names = ["alpha", "bravo", "charlie", "delta", "foxtrot"];
    let names = names.iter().enumerate();
    let names: Vec<&str> = names
        .filter(|(bit, _)| bits & 1 << bit != 0)
        .map(|(_, name)| *name)
        .collect();
    names.join(" ")
}

async fn found_as_by_hand(store: &Store, tickets: Vec<(u8, i64)>, questions: Vec<u8>) {
    let tickets: BTreeMap<i64, u8> = tickets
        .into_iter()
        .map(|(bits, number)| (number + 1, bits))
        .collect();
    for (number, bits) in &tickets {
        let title = format!("ticket {}", of_bits(*bits));
        open(store, &title, "default", None, vec![]).await;
        // Numbers have no gaps; here they have.
        store
            .write((*number, *bits), |tx, (number, _)| {
                Box::pin(renumber(tx, *number))
            })
            .await
            .unwrap();
    }
    for question in questions.into_iter().filter(|question| *question != 0) {
        let mut found = found_in(
            store,
            &format!("{} ", of_bits(question)),
            &Narrowed::default(),
        )
        .await;
        found.sort_unstable();
        let expected: Vec<i64> = tickets
            .iter()
            .filter(|(_, bits)| **bits & question == question)
            .map(|(number, _)| *number)
            .collect();
        assert_eq!(found, expected, "{}", of_bits(question));
    }
}

/// The ticket with the highest number gets that one instead; its part of the index is made anew.
async fn renumber(tx: &mut Tx, number: i64) -> Result<(), StoreError> {
    let last = Query::new("SELECT MAX(number) FROM tickets")
        .read_optional(&mut tx.on, |columns| columns.int())
        .await?
        .unwrap();
    if last == number {
        return Ok(());
    }
    let ticket = load(&mut tx.on, last).await?.unwrap();
    let known = read(tx, last).await?.unwrap();
    mark(tx, last, &known.keys().collect::<Vec<_>>(), false).await?;
    for text in [
        "INSERT INTO tickets (number, site_key, title, state, priority, opened_by, opened_at, changed_at, version) \
         SELECT $1, site_key, title, state, priority, opened_by, opened_at, changed_at, version FROM tickets WHERE number = $2",
        "UPDATE ticket_events SET ticket = $1 WHERE ticket = $2",
        "DELETE FROM search_bags WHERE ticket = $2 AND $1 > 0",
        "DELETE FROM tickets WHERE number = $2 AND $1 > 0",
    ] {
        Query::new(text)
            .bind(number)
            .bind(last)
            .execute(&mut tx.on)
            .await?;
    }
    rebuild(tx, &NumberedTicket { number, ..ticket }).await
}

/// Lists that the index gives are those that the tickets' own rows give.
#[tokio::test]
async fn a_list_is_the_same_with_and_without_the_index() {
    on_both(|store| async move {
        let (device, device_key) = testing::device(&store, "pc").await;
        store.create_site("lyon", testing::NOW).await.unwrap();
        let devices = vec![device.to_string()];
        for n in 0..12 {
            let site = if n % 5 == 0 { "lyon" } else { "default" };
            let devices = if n % 4 == 1 { devices.clone() } else { vec![] };
            let number = open(&store, "no sound", site, None, devices).await;
            if n % 3 == 0 {
                let to = Some("bob".to_owned());
                happens(&store, number, Event::Assigned { to }).await;
            }
            // Who takes one opens it.
            if n % 2 == 0 && n % 3 != 0 {
                let opened = Event::StateChanged {
                    to: State::Open,
                    waiting_for: None,
                    reason: None,
                    confirmation: None,
                };
                happens(&store, number, opened).await;
            }
            if n % 4 == 2 {
                let handed = Event::TierChanged {
                    to: Tier::Second,
                    reason: "network".into(),
                };
                happens(&store, number, handed).await;
            }
            if n % 3 == 1 {
                happens(
                    &store,
                    number,
                    Event::PriorityChanged {
                        to: Priority::High,
                        weight: None,
                    },
                )
                .await;
            }
            if n % 6 == 4 {
                let waits = Event::StateChanged {
                    to: State::Waiting,
                    waiting_for: Some(WaitingFor::Part),
                    reason: None,
                    confirmation: None,
                };
                happens(&store, number, waits).await;
            }
        }
        let lyon = store
            .sites()
            .await
            .unwrap()
            .into_iter()
            .find(|site| site.name == "lyon");
        let lyon = lyon.unwrap().site_key;
        let lists = lists(lyon, device_key);
        let mut by_index = Vec::new();
        for filter in &lists {
            by_index.push(store.tickets(filter).await.unwrap());
        }
        assert!(by_index.iter().any(|list| list.len() == 4));
        for is_told in [
            |filter: &TicketFilter| filter.tier == Some(Tier::Second),
            |filter: &TicketFilter| filter.priority.is_some(),
            |filter: &TicketFilter| filter.waiting_for.is_some(),
            |filter: &TicketFilter| filter.assignee == Some(Whose::Nobody),
        ] {
            let told = lists
                .iter()
                .zip(&by_index)
                .filter(|(filter, _)| is_told(filter));
            let n_found: Vec<usize> = told.map(|(_, list)| list.len()).collect();
            assert!(n_found.iter().any(|n| *n > 0), "{n_found:?}");
        }
        testing::ask_writer(
            &store,
            "UPDATE search_progress SET unread = 1 RETURNING unread",
        )
        .await
        .unwrap();
        for (filter, expected) in lists.iter().zip(by_index) {
            assert_eq!(store.tickets(filter).await.unwrap(), expected, "{filter:?}");
        }
    })
    .await;
}

/// Filters of every kind, alone and with others.
fn lists(lyon: i64, device_key: i64) -> Vec<TicketFilter> {
    let whole = || TicketFilter {
        most: 4,
        ..TicketFilter::default()
    };
    let mut lists = Vec::new();
    for sites in [None, Some(vec![lyon]), Some(vec![lyon, 1]), Some(vec![])] {
        for states in [
            vec![],
            vec![State::Open],
            vec![State::New, State::Open],
            vec![State::Closed],
        ] {
            for assignee in [
                None,
                Some(Whose::Account("bob".to_owned())),
                Some(Whose::Account("eve".to_owned())),
                Some(Whose::Nobody),
            ] {
                for device_key in [None, Some(device_key)] {
                    for before in [None, Some(8), Some(1), Some(0)] {
                        lists.push(TicketFilter {
                            sites: sites.clone(),
                            states: states.clone(),
                            assignee: assignee.clone(),
                            device_key,
                            before,
                            ..whole()
                        });
                    }
                }
                for (tier, priority, waiting_for) in [
                    (Some(Tier::Second), None, None),
                    (Some(Tier::First), Some(Priority::High), None),
                    (None, Some(Priority::High), None),
                    (None, None, Some(WaitingFor::Part)),
                    (
                        Some(Tier::First),
                        Some(Priority::High),
                        Some(WaitingFor::Part),
                    ),
                ] {
                    lists.push(TicketFilter {
                        sites: sites.clone(),
                        states: states.clone(),
                        assignee: assignee.clone(),
                        tier,
                        priority,
                        waiting_for,
                        ..whole()
                    });
                }
            }
        }
    }
    lists
}
