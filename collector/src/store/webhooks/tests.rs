use super::*;
use crate::desk::{Event, Priority};
use crate::store::testing::{NOW, ask_writer, on_both};
use crate::store::tickets::{OpenTicket, TicketChange};
use crate::wording::wording;

const DAY_US: i64 = 86_400_000_000;

async fn declared(store: &Store, name: &str, sites: &[&str], kinds: &[&str]) {
    let names = |all: &[&str]| all.iter().map(|name| (*name).to_owned()).collect();
    let webhook = NewWebhook {
        name: name.into(),
        url: format!("https://{name}.example/"),
        secret: vec![7; 32],
        sites: names(sites),
        kinds: names(kinds),
        by: "root".into(),
        at: NOW,
    };
    store.add_webhook(webhook).await.unwrap();
}

async fn opened(store: &Store, site: &str) -> i64 {
    let ticket = OpenTicket {
        title: "slow".into(),
        site: site.into(),
        priority: Priority::Normal,
        requester: None,
        person: None,
        weight: None,
        devices: vec![],
        note: Some("said on the phone".into()),
        opened_by: "ann".into(),
        at: NOW,
    };
    store.open_ticket(ticket).await.unwrap().number
}

async fn noted(store: &Store, number: i64, text: &str) {
    let change = TicketChange {
        number,
        event: Event::Noted { text: text.into() },
        actor: "bob".into(),
        expected_version: None,
        at: NOW + 5,
    };
    store.change_ticket(change).await.unwrap();
}

/// What each delivery of an endpoint is about and how it stands, the oldest first.
async fn shown(store: &Store, name: &str) -> Vec<String> {
    let all = store.deliveries(name, None, None, 100).await.unwrap();
    let one = |delivery: &Delivery| match delivery.event {
        Some((ticket, number)) => format!("{ticket}.{number} {}", delivery.state),
        None => format!("test {}", delivery.state),
    };
    all.iter().rev().map(one).collect()
}

async fn due(store: &Store, now: TimeUs) -> Vec<Due> {
    store.due_deliveries(None, now).await.unwrap()
}

async fn attempted(store: &Store, due: &Due, attempted: Attempted, now: TimeUs) {
    let kept = store.delivery_attempted(due.clone(), Some(500), None, attempted, now);
    kept.await.unwrap();
}

#[tokio::test]
async fn an_event_is_owed_to_whom_it_concerns_in_its_own_transaction() {
    on_both(|store| async move {
        store.create_site("lyon", NOW).await.unwrap();
        declared(&store, "all", &[], &[]).await;
        declared(&store, "lyon", &["lyon"], &[]).await;
        declared(&store, "notes", &[], &["noted", "messaged"]).await;
        opened(&store, "default").await;
        opened(&store, "lyon").await;
        assert_eq!(
            shown(&store, "all").await,
            ["1.1 waiting", "1.2 waiting", "2.1 waiting", "2.2 waiting"]
        );
        assert_eq!(shown(&store, "lyon").await, ["2.1 waiting", "2.2 waiting"]);
        assert_eq!(shown(&store, "notes").await, ["1.2 waiting", "2.2 waiting"]);
        // What is refused is told to nobody.
        let refused = TicketChange {
            number: 1,
            event: Event::Noted {
                text: String::new(),
            },
            actor: "bob".into(),
            expected_version: None,
            at: NOW,
        };
        store.change_ticket(refused).await.unwrap_err();
        let (ticket, event) = store.delivered_event(1, 2).await.unwrap().unwrap();
        assert_eq!((ticket.number, event.number), (1, 2));
        assert_eq!(shown(&store, "all").await.len(), 4);
        assert_eq!(store.webhook("all").await.unwrap().unwrap().n_waiting, 4);
    })
    .await;
}

#[tokio::test]
async fn an_endpoint_is_told_in_order_and_does_not_wait_for_another() {
    on_both(|store| async move {
        declared(&store, "one", &[], &[]).await;
        declared(&store, "two", &[], &[]).await;
        opened(&store, "default").await;
        let first = due(&store, NOW).await;
        assert_eq!(
            first
                .iter()
                .map(|due| due.delivery.event)
                .collect::<Vec<_>>(),
            [Some((1, 1)); 2]
        );
        attempted(&store, &first[0], Attempted::Again(NOW + 9), NOW).await;
        attempted(&store, &first[1], Attempted::Delivered, NOW).await;
        // The one waits for its first, the other goes on.
        let second = due(&store, NOW).await;
        assert_eq!(second.len(), 1);
        assert_eq!(
            (second[0].webhook.as_str(), second[0].delivery.event),
            ("two", Some((1, 2)))
        );
        let failing = store.webhook("one").await.unwrap().unwrap().failing_since;
        assert_eq!(failing, Some(NOW));
        let later = due(&store, NOW + 9).await;
        assert_eq!(later.len(), 2);
        assert_eq!(
            (later[1].delivery.n_attempts, later[1].delivery.id),
            (1, first[0].delivery.id)
        );
        attempted(&store, &later[1], Attempted::Delivered, NOW + 9).await;
        assert_eq!(
            store.webhook("one").await.unwrap().unwrap().failing_since,
            None
        );
        assert_eq!(shown(&store, "one").await, ["1.1 delivered", "1.2 waiting"]);
    })
    .await;
}

#[tokio::test]
async fn who_is_disabled_is_told_nothing_and_says_why_until_somebody_enables_it() {
    on_both(|store| async move {
        declared(&store, "one", &[], &[]).await;
        opened(&store, "default").await;
        let first = due(&store, NOW).await.remove(0);
        let gone = Attempted::Disabled {
            reason: "three days".into(),
            is_dead: false,
        };
        attempted(&store, &first, gone, NOW).await;
        let webhook = store.webhook("one").await.unwrap().unwrap();
        assert_eq!(
            (webhook.is_enabled, webhook.disabled_reason.as_deref()),
            (false, Some("three days"))
        );
        noted(&store, 1, "meanwhile").await;
        assert!(due(&store, NOW + DAY_US).await.is_empty());
        let entry = store.audit_log(None, 1).await.unwrap().remove(0).entry;
        assert_eq!(
            (
                entry.actor.as_str(),
                entry.deed.as_str(),
                entry.subject.as_str()
            ),
            ("collector", "webhook.disable", "one")
        );
        let enable = WebhookChange {
            name: "one".into(),
            enabled: Some(true),
            by: "root".into(),
            at: NOW + 7,
            ..WebhookChange::default()
        };
        store.change_webhook(enable).await.unwrap();
        let webhook = store.webhook("one").await.unwrap().unwrap();
        assert_eq!(
            (
                webhook.is_enabled,
                webhook.disabled_reason,
                webhook.failing_since
            ),
            (true, None, None)
        );
        // What waited goes on; what happened meanwhile was not kept for it.
        let again = due(&store, NOW + 7).await.remove(0);
        assert_eq!(
            (again.delivery.id, again.delivery.n_attempts),
            (first.delivery.id, 0)
        );
        assert_eq!(shown(&store, "one").await, ["1.1 waiting", "1.2 waiting"]);
    })
    .await;
}

#[tokio::test]
async fn dead_letters_are_replayed_before_what_waits() {
    on_both(|store| async move {
        declared(&store, "one", &[], &[]).await;
        opened(&store, "default").await;
        for _ in 0..2 {
            let next = due(&store, NOW).await.remove(0);
            attempted(&store, &next, Attempted::Dead, NOW).await;
        }
        noted(&store, 1, "more").await;
        assert_eq!(
            shown(&store, "one").await,
            ["1.1 dead", "1.2 dead", "1.3 waiting"]
        );
        let dead = store
            .deliveries("one", Some(DeliveryState::Dead), None, 1)
            .await
            .unwrap()
            .remove(0);
        let replay = |id| store.replay_deliveries("one", id, "root", NOW + 9);
        assert_eq!(replay(Some(dead.id)).await, Ok(1));
        assert_eq!(
            replay(Some(dead.id)).await,
            Err(StoreError::not_found(wording!("dead delivery")))
        );
        assert_eq!(due(&store, NOW + 9).await[0].delivery.id, dead.id);
        assert_eq!(replay(None).await, Ok(1));
        assert_eq!(due(&store, NOW + 9).await[0].delivery.event, Some((1, 1)));
        let test = store.test_webhook("one", NOW + 9).await.unwrap();
        assert_eq!(
            store.deliveries("one", None, None, 1).await.unwrap()[0].id,
            test
        );
    })
    .await;
}

#[tokio::test]
async fn for_a_while_two_secrets_are_good_and_what_arrived_is_forgotten_in_time() {
    on_both(|store| async move {
        declared(&store, "one", &[], &[]).await;
        opened(&store, "default").await;
        let renewed = store.renew_webhook_secret("one", vec![8; 32], NOW + 100, "root", NOW);
        renewed.await.unwrap();
        assert_eq!(
            due(&store, NOW).await[0].secrets,
            [vec![8; 32], vec![7; 32]]
        );
        assert_eq!(due(&store, NOW + 100).await[0].secrets, [vec![8; 32]]);
        let first = due(&store, NOW).await.remove(0);
        attempted(&store, &first, Attempted::Delivered, NOW).await;
        assert_eq!(store.tidy_deliveries(NOW, NOW, 10, NOW).await, Ok(0));
        assert_eq!(store.tidy_deliveries(NOW + 1, NOW, 10, NOW).await, Ok(1));
        assert_eq!(shown(&store, "one").await, ["1.2 waiting"]);
        store.remove_webhook("one", "root", NOW).await.unwrap();
        // What was under way then changes nothing.
        attempted(&store, &first, Attempted::Delivered, NOW).await;
        assert_eq!(
            ask_writer(&store, "SELECT COUNT(*) FROM webhook_deliveries")
                .await
                .unwrap(),
            "0"
        );
        assert_eq!(store.webhook("one").await.unwrap(), None);
    })
    .await;
}
