//! What is found is what a look at every ticket would find.

use std::collections::BTreeMap;

use super::super::*;
use super::{found_in, open};
use crate::store::testing::on_both;

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
