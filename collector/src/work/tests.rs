//! What becomes of orders between the person who asks and the device.

use super::*;
use crate::store::accounts::Role;
use crate::store::testing::{HOUR_US, NOW, cut_first_commit, device, on_both_urls, slow};
use crate::wording::wording;

/// A ticket about one device, and who works on it.
struct Bench {
    store: Store,
    work: Work,
    by: Account,
    device: Device,
    ticket: i64,
}

async fn bench(store: Store) -> Bench {
    let (id, _) = device(&store, "pc").await;
    let ticket = slow(vec![]);
    let by = Account {
        account_key: 1,
        name: "ann".into(),
        role: Role::Technician,
        sites: vec![],
        has_totp: false,
        created_at: NOW,
        disabled_at: None,
    };
    Bench {
        work: Work::new(store.clone(), Registry::default(), Bus::default()),
        by,
        device: store.device(&id).await.unwrap().unwrap(),
        ticket: store.open_ticket(ticket).await.unwrap().number,
        store,
    }
}

impl Bench {
    async fn ask(&self) -> Result<Id, SubmitError> {
        let request = Request::Checks {
            checks: vec!["disk.space".into()],
        };
        let options = Options {
            expires_in_us: HOUR_US,
        };
        let devices = std::slice::from_ref(&self.device);
        let submitted = self
            .work
            .submit(&self.by, self.ticket, devices, &request, options, now_us())
            .await?;
        Ok(submitted[0].job)
    }

    async fn pending(&self) -> Vec<PendingOrder> {
        let key = self.device.device_key;
        self.store.orders_for_device_pending(key).await.unwrap()
    }
}

#[tokio::test]
async fn an_order_whose_commit_nobody_answered_for_is_kept_once() {
    on_both_urls(|url| async move {
        if url.starts_with("sqlite:") {
            return;
        }
        let bench = bench(Store::open(&url).await.unwrap()).await;
        cut_first_commit(&url, "jobs").await;
        let job = bench.ask().await.unwrap();
        let pending = bench.pending().await;
        let ids: Vec<Id> = pending.iter().map(|order| order.id).collect();
        assert_eq!(ids, [job]);
    })
    .await;
}

#[tokio::test]
async fn what_was_cancelled_before_the_device_took_it_is_not_sent_any_more() {
    on_both_urls(|url| async move {
        let bench = bench(Store::open(&url).await.unwrap()).await;
        let installation = Id([1; 16]);
        let to_device = async |order: &PendingOrder| {
            bind(&bench.store, order, &bench.device.id, installation).await
        };
        let job = bench.ask().await.unwrap();
        let order = bench.pending().await.remove(0);
        let sent = to_device(&order).await.unwrap();
        let again = bench.pending().await.remove(0);
        assert_eq!(to_device(&again).await, Ok(sent));
        let asked = bench.work.cancel(job, &bench.by, NOW).await.unwrap();
        let device_key = bench.device.device_key;
        assert_eq!(asked, CancelOutcome::Asked { device_key });
        let withdrawn = bench.pending().await.remove(0);
        assert!(withdrawn.cancel_asked, "its session tells the device");
        let not_wanted = Err(StoreError::conflict(wording!("it is not wanted any more")));
        assert_eq!(to_device(&withdrawn).await, not_wanted);
        // Read before it was cancelled, bound afterwards.
        assert_eq!(
            bench
                .store
                .bind_order(job, installation, vec![], NOW)
                .await
                .map(|bound| bound.order_bytes),
            not_wanted
        );
    })
    .await;
}
