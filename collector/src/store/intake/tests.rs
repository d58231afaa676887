use super::*;
use crate::desk::Priority;
use crate::store::testing::{NOW, on_both};
use crate::store::tickets::{Happened, TicketChange};

async fn source(store: &Store, name: &str) -> i64 {
    let source = NewSource {
        name: name.into(),
        site: "default".into(),
        secret: vec![7; 32],
        by: "root".into(),
        at: NOW,
    };
    store.add_intake_source(source).await.unwrap();
    store.intake_source(name).await.unwrap().unwrap().source_key
}

fn message(source_key: i64, id: &str, reference: Option<&str>, text: Option<&str>) -> Intake {
    Intake {
        source_key,
        message_id: id.into(),
        reference: reference.map(str::to_owned),
        ticket: OpenTicket {
            title: "no sound".into(),
            site: "default".into(),
            priority: Priority::High,
            requester: Some("Rosa".into()),
            person: None,
            weight: None,
            devices: vec![],
            note: None,
            opened_by: "source glpi".into(),
            at: NOW,
        },
        text: text.map(str::to_owned),
        note: Some("glpi: 77".into()),
    }
}

async fn kinds(store: &Store, number: i64) -> Vec<String> {
    let events = store.timeline(number, 0, 100).await.unwrap();
    let kind = |event: &Happened| match event {
        Happened::Known(event) => event.kind().to_owned(),
        Happened::Unknown { kind, .. } => kind.clone(),
    };
    events.iter().map(|event| kind(&event.event)).collect()
}

#[tokio::test]
async fn a_message_is_taken_once_and_one_of_the_same_reference_adds_to_its_ticket() {
    on_both(|store| async move {
        let (glpi, other) = (source(&store, "glpi").await, source(&store, "other").await);
        let take = |intake| async { store.take_in(intake).await.unwrap() };
        let first = take(message(glpi, "a", Some("77"), Some("since Monday"))).await;
        assert_eq!(
            (first.ticket.number, first.is_new, first.is_repeated),
            (1, true, false)
        );
        assert_eq!(kinds(&store, 1).await, ["opened", "messaged", "noted"]);
        let again = take(message(glpi, "a", Some("77"), Some("since Monday"))).await;
        assert_eq!(
            (again.ticket.number, again.is_new, again.is_repeated),
            (1, false, true)
        );
        let more = take(message(glpi, "b", Some("77"), None)).await;
        assert_eq!((more.ticket.number, more.is_new), (1, false));
        assert_eq!(
            kinds(&store, 1).await,
            ["opened", "messaged", "noted", "messaged"]
        );
        // Ids and references are a source's own.
        assert!(take(message(other, "a", Some("77"), None)).await.is_new);
        assert!(take(message(glpi, "c", None, None)).await.is_new);
        assert_eq!(store.ticket(4).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn after_a_ticket_is_closed_its_reference_opens_another() {
    on_both(|store| async move {
        let glpi = source(&store, "glpi").await;
        store
            .take_in(message(glpi, "a", Some("77"), None))
            .await
            .unwrap();
        for to in [State::Proposed, State::Resolved, State::Closed] {
            let event = Event::StateChanged {
                to,
                waiting_for: None,
                reason: Some("so".into()),
                confirmation: None,
            };
            let change = TicketChange {
                number: 1,
                event,
                actor: "bob".into(),
                expected_version: None,
                at: NOW,
            };
            store.change_ticket(change).await.unwrap();
        }
        let next = store
            .take_in(message(glpi, "b", Some("77"), None))
            .await
            .unwrap();
        assert_eq!((next.ticket.number, next.is_new), (2, true));
        let more = store
            .take_in(message(glpi, "c", Some("77"), None))
            .await
            .unwrap();
        assert_eq!((more.ticket.number, more.is_new), (2, false));
    })
    .await;
}

#[tokio::test]
async fn what_is_refused_leaves_nothing_behind() {
    on_both(|store| async move {
        let glpi = source(&store, "glpi").await;
        let mut bad = message(glpi, "a", Some("77"), None);
        bad.ticket.title = String::new();
        store.take_in(bad).await.unwrap_err();
        let good = store
            .take_in(message(glpi, "a", Some("77"), None))
            .await
            .unwrap();
        assert_eq!((good.ticket.number, good.is_new), (1, true));
        assert_eq!(store.tidy_intake(NOW).await, Ok(0));
        assert_eq!(store.tidy_intake(NOW + 1).await, Ok(1));
        store
            .remove_intake_source("glpi", "root", NOW)
            .await
            .unwrap();
        assert_eq!(store.intake_source("glpi").await.unwrap(), None);
        assert!(
            store.take_in(message(glpi, "b", None, None)).await.is_err(),
            "its source is gone"
        );
    })
    .await;
}
