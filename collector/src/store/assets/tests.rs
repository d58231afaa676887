use super::super::testing::{NOW, on_both};
use super::super::tickets::TicketFilter;
use super::*;
use crate::desk::{Event, MOST_ASSETS};
use crate::store::testing::slow;
use crate::store::tickets::TicketChange;
use crate::wording::wording;

fn thing(name: &str) -> NewAsset {
    NewAsset {
        site: "default".into(),
        details: Details {
            kind: Kind::Other,
            name: name.into(),
            address: None,
            port: None,
            serial: None,
            model: None,
            place: None,
            note: String::new(),
        },
        by: "ann".into(),
        at: NOW,
    }
}

#[tokio::test]
async fn a_ticket_is_about_so_many_assets_and_no_more() {
    on_both(|store| async move {
        let mut ids = Vec::new();
        for number in 0..=MOST_ASSETS {
            let id = store
                .add_asset(thing(&format!("thing {number}")))
                .await
                .unwrap();
            ids.push(id.to_string());
        }
        let last = ids.pop().unwrap();
        let opened = store
            .open_ticket_about(slow(vec![]), ids.clone())
            .await
            .unwrap();
        assert_eq!(opened.ticket.assets, ids);
        let one_more = TicketChange {
            number: 1,
            event: Event::AssetAdded { asset: last },
            actor: "ann".into(),
            expected_version: None,
            at: NOW,
        };
        let refused = StoreError::refused("asset", wording!("a ticket takes 50 at most"));
        assert_eq!(store.change_ticket(one_more).await, Err(refused));
        assert_eq!(store.ticket(1).await.unwrap().unwrap().ticket.assets, ids);
        let of_last = TicketFilter {
            asset: ids[49].parse().ok(),
            most: 9,
            ..TicketFilter::default()
        };
        let listed = store.tickets(&of_last).await.unwrap();
        assert_eq!(listed[0].ticket.assets, ids);
    })
    .await;
}

#[tokio::test]
async fn a_ticket_is_about_what_is_there_and_of_its_site() {
    on_both(|store| async move {
        store.create_site("lyon", NOW).await.unwrap();
        let theirs = NewAsset {
            site: "lyon".into(),
            ..thing("theirs")
        };
        let theirs = store.add_asset(theirs).await.unwrap().to_string();
        let missing = StoreError::not_found(wording!("asset"));
        for strange in ["x".to_owned(), Id::random().to_string(), theirs.clone()] {
            let opened = store.open_ticket_about(slow(vec![]), vec![strange]).await;
            assert_eq!(opened, Err(missing.clone()));
        }
        assert_eq!(store.ticket(1).await.unwrap(), None);
        store.open_ticket(slow(vec![])).await.unwrap();
        let added = TicketChange {
            number: 1,
            event: Event::AssetAdded { asset: theirs },
            actor: "ann".into(),
            expected_version: None,
            at: NOW,
        };
        assert_eq!(store.change_ticket(added).await, Err(missing));
    })
    .await;
}
