mod by_hand;

use std::collections::BTreeMap;

use super::*;
use crate::desk::view::Whose;
use crate::desk::words::Asked;
use crate::desk::{Priority, Side, State, WaitingFor};
use crate::store::testing::{NOW, ask_writer, device, on_both};
use crate::store::tickets::{OpenTicket, TicketChange};

const DAY_US: i64 = 86_400_000_000;

async fn open(
    store: &Store,
    title: &str,
    site: &str,
    note: Option<&str>,
    devices: Vec<String>,
) -> i64 {
    let opened = store.open_ticket(OpenTicket {
        title: title.into(),
        site: site.into(),
        priority: Priority::Normal,
        requester: Some("Rosa Élan".into()),
        person: None,
        weight: None,
        devices,
        note: note.map(str::to_owned),
        opened_by: "ann".into(),
        at: NOW,
    });
    opened.await.unwrap().number
}

async fn happens(store: &Store, number: i64, event: Event) {
    let change = TicketChange {
        number,
        event,
        actor: "bob".into(),
        expected_version: None,
        at: NOW + 5,
    };
    store.change_ticket(change).await.unwrap();
}

async fn found_in(store: &Store, question: &str, narrowed: &Narrowed) -> Vec<i64> {
    let asked = Asked::of(question).unwrap();
    let found = store.search_tickets(&asked, narrowed).await.unwrap();
    assert!(found.is_counted, "{found:?}");
    assert_eq!(found.n_found, found.ranked.len() as i64, "{found:?}");
    found.ranked
}

async fn check(store: &Store, question: &str, expected: &[i64]) {
    let found = found_in(store, question, &Narrowed::default()).await;
    assert_eq!(found, expected, "{question:?}");
}

/// The whole index in words: tickets of each word, and what stands where on each ticket.
pub(in super::super) async fn shown(store: &Store) -> String {
    let mut on = store.reader().await.unwrap();
    let words = Query::new("SELECT word_key, text, n_tickets FROM search_words");
    let read = |columns: &mut crate::store::Columns<'_>| {
        Ok((columns.int()?, text(columns.bytes()?)?, columns.int()?))
    };
    let words: BTreeMap<i64, (String, i64)> = words
        .read(&mut on, read)
        .await
        .unwrap()
        .into_iter()
        .map(|(key, text, n_tickets)| (key, (text, n_tickets)))
        .collect();
    let mut lines: Vec<String> = Query::new("SELECT word_key, block, tickets FROM search_blocks")
        .read(&mut on, |columns| {
            let (word, n_tickets) = &words[&columns.int()?];
            let block = columns.int()?;
            let places: Vec<usize> = Block::of(&columns.bytes()?)?.places().collect();
            Ok(format!("{word}: {n_tickets} in {block}/{places:?}"))
        })
        .await
        .unwrap();
    let bags = Query::new("SELECT ticket, opened_at, n_words, words FROM search_bags")
        .read(&mut on, |columns| {
            let ticket = columns.int()?;
            Ok((
                ticket,
                Bag::of(columns.int()?, columns.int()?, &columns.bytes()?)?,
            ))
        })
        .await
        .unwrap();
    for (ticket, bag) in bags {
        lines.push(format!("#{ticket}: {} at {}", bag.n_words, bag.opened_at));
        let of_word = |key| format!("#{ticket} {}: {:?}", words[&key].0, bag.occurrence(key));
        lines.extend(bag.keys().map(of_word));
    }
    lines.sort_unstable();
    lines.join("\n")
}

async fn forget_index(store: &Store) {
    for spoil in [
        "DELETE FROM search_words RETURNING n_tickets",
        "DELETE FROM search_stems RETURNING word_key",
        "DELETE FROM search_blocks RETURNING block",
        "DELETE FROM search_bags RETURNING ticket",
    ] {
        ask_writer(store, spoil).await.unwrap();
    }
}

/// Four tickets on which something happened.
async fn some_tickets(store: &Store) -> String {
    let (id, _) = device(store, "pc-lab-7").await;
    let (other, _) = device(store, "desk-9").await;
    open(
        store,
        "The printer prints nothing",
        "default",
        Some("error 0x80070005"),
        vec![id.to_string()],
    )
    .await;
    open(
        store,
        "no sound",
        "default",
        Some("the printers are not the cause"),
        vec![],
    )
    .await;
    open(
        store,
        "L'écran reste éteint",
        "default",
        None,
        vec![other.to_string()],
    )
    .await;
    open(
        store,
        "réseau lent",
        "default",
        Some("192.168.1.20 ne répond pas"),
        vec![],
    )
    .await;
    let text = |text: &str| text.to_owned();
    happens(
        store,
        2,
        Event::Messaged {
            side: Side::Requester,
            text: text("since the update of Monday"),
            asked: None,
        },
    )
    .await;
    happens(
        store,
        3,
        Event::Assigned {
            to: Some("bob".into()),
        },
    )
    .await;
    happens(
        store,
        3,
        Event::Assigned {
            to: Some("carl".into()),
        },
    )
    .await;
    happens(
        store,
        3,
        Event::StateChanged {
            to: State::Waiting,
            waiting_for: Some(WaitingFor::Part),
            reason: Some(text("a new cable")),
            confirmation: None,
        },
    )
    .await;
    happens(
        store,
        3,
        Event::DeviceRemoved {
            device: other.to_string(),
            goes_on_as: None,
        },
    )
    .await;
    happens(
        store,
        4,
        Event::TierChanged {
            to: crate::desk::Tier::Second,
            reason: text("routeur à remplacer"),
        },
    )
    .await;
    happens(
        store,
        4,
        Event::WorkAsked {
            job: text("j"),
            device: id.to_string(),
            title: text("net.dns"),
            consent: None,
        },
    )
    .await;
    happens(
        store,
        4,
        Event::WorkAsked {
            job: text("k"),
            device: id.to_string(),
            title: text("net.dns"),
            consent: None,
        },
    )
    .await;
    id.to_string()
}

#[tokio::test]
async fn tickets_are_found_by_what_was_said_on_them() {
    on_both(|store| async move {
        some_tickets(&store).await;
        for (question, expected) in [
            // In the title before in the text, and as it was written before its relatives.
            ("printer", &[1, 2][..]),
            ("PRINTERS ", &[1, 2]),
            ("print ", &[1, 2]),
            ("prin", &[1, 2]),
            ("printer cause", &[2]),
            ("the printer is not the cause ", &[2]),
            ("printer sound éteint", &[]),
            ("ecran", &[3]),
            ("écrans ", &[3]),
            ("câbles ", &[3]),
            ("update monday", &[2]),
            ("routeurs remplacés ", &[4]),
            ("0x80070005", &[1]),
            ("80070005 ", &[1]),
            ("192.168.1.20 ", &[4]),
            ("168.1", &[4]),
            ("192.168.20 ", &[]),
            ("pc-lab-7 ", &[1, 4]),
            ("lab-7", &[1, 4]),
            ("desk-9", &[3]),
            ("rosa élan", &[3, 2, 1, 4]),
            ("nowhere", &[]),
        ] {
            check(&store, question, expected).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_search_goes_with_site_state_assignee_and_device() {
    on_both(|store| async move {
        let device = some_tickets(&store).await;
        store.create_site("lyon", NOW).await.unwrap();
        open(&store, "printer", "lyon", None, vec![]).await;
        let sites = store.sites().await.unwrap();
        let key = |name: &str| {
            sites
                .iter()
                .find(|site| site.name == name)
                .unwrap()
                .site_key
        };
        let any = Narrowed::default;
        let of_sites = |names: &[&str]| Narrowed {
            sites: Some(names.iter().map(|name| key(name)).collect()),
            ..any()
        };
        let (lyon, both) = (of_sites(&["lyon"]), of_sites(&["default", "lyon"]));
        assert_eq!(found_in(&store, "printer", &any()).await, [5, 1, 2]);
        assert_eq!(found_in(&store, "printer", &lyon).await, [5]);
        assert_eq!(found_in(&store, "printer", &both).await, [5, 1, 2]);
        assert_eq!(
            found_in(&store, "printer", &of_sites(&[])).await,
            [] as [i64; 0]
        );
        let states = |states: &[State]| Narrowed {
            states: states.into(),
            ..any()
        };
        assert_eq!(
            found_in(&store, "rosa", &states(&[State::Waiting])).await,
            [3]
        );
        assert_eq!(
            found_in(&store, "rosa", &states(&[State::Waiting, State::New])).await,
            [5, 3, 2, 1, 4]
        );
        assert_eq!(
            found_in(&store, "rosa", &states(&[State::Closed])).await,
            [] as [i64; 0]
        );
        let of = |name: &str| Narrowed {
            assignee: Some(Whose::Account(name.into())),
            ..any()
        };
        assert_eq!(found_in(&store, "rosa", &of("carl")).await, [3]);
        assert_eq!(found_in(&store, "rosa", &of("bob")).await, [] as [i64; 0]);
        let on = Narrowed {
            device: Some(device),
            ..any()
        };
        assert_eq!(found_in(&store, "rosa", &on).await, [1, 4]);
    })
    .await;
}

#[tokio::test]
async fn the_index_can_be_made_anew_from_the_events() {
    on_both(|store| async move {
        some_tickets(&store).await;
        let before = shown(&store).await;
        assert!(before.contains("printer: 1 in 0/[1]"), "{before}");
        // As it is, and without a part of it, and without all of it.
        for spoil in [
            "",
            "DELETE FROM search_blocks WHERE word_key < 20 RETURNING block",
            "DELETE FROM search_bags WHERE ticket = 2 RETURNING ticket",
        ] {
            if spoil.contains("blocks") {
                // What was counted goes with what it counts.
                ask_writer(
                    &store,
                    "UPDATE search_words SET n_tickets = 0 WHERE word_key < 20 RETURNING n_tickets",
                )
                .await
                .unwrap();
            }
            if !spoil.is_empty() {
                ask_writer(&store, spoil).await.unwrap();
                assert_ne!(shown(&store).await, before);
            }
            for number in 1..=4 {
                store.rebuild_ticket(number).await.unwrap();
            }
            assert_eq!(shown(&store).await, before, "{spoil}");
        }
        forget_index(&store).await;
        for number in 1..=4 {
            store.rebuild_ticket(number).await.unwrap();
        }
        assert_eq!(shown(&store).await, before);
    })
    .await;
}

#[tokio::test]
async fn tickets_from_before_the_index_come_into_it_step_by_step() {
    on_both(|store| async move {
        some_tickets(&store).await;
        let before = shown(&store).await;
        forget_index(&store).await;
        ask_writer(
            &store,
            "UPDATE search_progress SET unread = 4 RETURNING unread",
        )
        .await
        .unwrap();
        let asked = Asked::of("rosa").unwrap();
        let found = store
            .search_tickets(&asked, &Narrowed::default())
            .await
            .unwrap();
        assert_eq!((found.ranked, found.unread), (vec![], 4));
        // Whoever works on one of them meanwhile finds it at once.
        let account = || "bob".to_owned();
        happens(&store, 1, Event::WatcherAdded { account: account() }).await;
        check(&store, "prints", &[1]).await;
        assert_eq!(store.index_older(2).await, Ok(2));
        let found = store
            .search_tickets(&asked, &Narrowed::default())
            .await
            .unwrap();
        assert_eq!((found.ranked, found.unread), (vec![3, 1, 4], 2));
        assert_eq!(store.index_older(2).await, Ok(0));
        assert_eq!(store.index_older(2).await, Ok(0));
        happens(&store, 1, Event::WatcherRemoved { account: account() }).await;
        assert_eq!(shown(&store).await, before);
    })
    .await;
}

#[tokio::test]
async fn of_many_the_newest_are_ranked_and_all_are_counted() {
    on_both(|store| async move {
        for n in 0..MOST_RANKED + 30 {
            let title = if n == 10 {
                "sound sound sound"
            } else {
                "no sound"
            };
            open(&store, title, "default", None, vec![]).await;
        }
        let asked = Asked::of("sound").unwrap();
        let found = store
            .search_tickets(&asked, &Narrowed::default())
            .await
            .unwrap();
        assert_eq!((found.n_found, found.is_counted), (230, true));
        assert_eq!(found.ranked.len(), MOST_RANKED);
        assert_eq!(found.ranked[0], 230);
        assert!(
            !found.ranked.contains(&11),
            "one of the oldest 30 is ranked"
        );
    })
    .await;
}

#[tokio::test]
async fn age_is_told_by_when_the_ticket_was_opened() {
    on_both(|store| async move {
        for days in [0, 400] {
            let ticket = OpenTicket {
                at: NOW - days * DAY_US,
                ..crate::store::testing::slow(vec![])
            };
            store.open_ticket(ticket).await.unwrap();
        }
        check(&store, "slow", &[1, 2]).await;
    })
    .await;
}
