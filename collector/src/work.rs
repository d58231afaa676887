//! Work on devices: asked for as part of a ticket, kept before it leaves, handed out once, tracked to its end.

mod again;
mod brakes;
mod live;
mod receipts;
mod request;

use std::sync::Arc;
use std::time::Duration;

use sonde_proto::{caps, v1};
use tokio::sync::{broadcast, watch};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};

use crate::bus::Bus;
use crate::clock::now_us;
use crate::link::consent::{self, Put};
use crate::link::registry::{Command, Registry};
use crate::store::accounts::Account;
use crate::store::devices::Device;
use crate::store::tickets::{NumberedTicket, RECHECKER};
use crate::store::work::{CancelOutcome, NewOrder, Origin, PendingOrder};
use crate::store::{DeviceId, Id, Store, StoreError, TimeUs};

pub use crate::bus::{Live, Told};
pub use crate::link::looks::{LiveValue, Seen};
pub use crate::link::registry::Ending;
use crate::wording::{Wording, wording};
pub(crate) use again::again;
use brakes::Brakes;
pub use brakes::{ORDERS_PER_MINUTE, TooMany, few_enough};
pub use live::Watching;
pub use receipts::{Misfit, Receipt, compare};
pub use request::{Consent, Parameter, ParameterValue, Phase, Request};

/// How long an order waits for a device that is not connected, unless the caller says otherwise: one day.
pub const EXPIRY_US: i64 = 86_400 * 1_000_000;
/// The longest it may wait.
pub const LONGEST_EXPIRY_US: i64 = sonde_proto::caps::ORDER_LIFE_US;
/// How often expired orders are looked for.
const EXPIRY_ROUND: Duration = Duration::from_secs(5);

/// How often a store that did not say whether orders are kept is asked again,
const TRIES_TO_LEARN: usize = 3;
/// each time after this.
const LEARN_AGAIN: Duration = Duration::from_millis(500);

/// The one way to a device, for every interface. Clones share it.
#[derive(Clone)]
pub struct Work {
    store: Store,
    registry: Registry,
    bus: Bus,
    brakes: Arc<Brakes>,
}

/// How an order is to be treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// From now on, microseconds.
    pub expires_in_us: i64,
}

/// An order that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submitted {
    pub job: Id,
    pub expires_at: TimeUs,
    /// The device is not connected: the order waits for it.
    pub queued: bool,
}

/// Why a device is not asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    #[error("{}", too_large(*.found))]
    TooLarge { found: usize },
    #[error(transparent)]
    TooMany(#[from] TooMany),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Of a request of so many bytes.
pub(crate) fn too_large(found: usize) -> Wording {
    wording!(
        "the request has {} bytes, where {} are the most",
        found,
        caps::ORDER_BYTES
    )
}

impl Work {
    pub fn new(store: Store, registry: Registry, bus: Bus) -> Self {
        Self {
            store,
            registry,
            bus,
            brakes: Arc::new(Brakes::default()),
        }
    }

    /// Devices' sessions that are open now.
    pub fn n_sessions(&self) -> usize {
        self.registry.n_sessions()
    }

    /// Asks devices for something on behalf of a ticket: keeps the orders, all or none, then hands them out. That `by`
    /// may do so at the devices' sites is the caller's to have checked.
    ///
    /// # Errors
    /// [`SubmitError`]
    pub async fn submit(
        &self,
        by: &Account,
        ticket: i64,
        devices: &[Device],
        request: &Request,
        options: Options,
        now: TimeUs,
    ) -> Result<Vec<Submitted>, SubmitError> {
        let found = request.n_bytes();
        if found > caps::ORDER_BYTES {
            return Err(SubmitError::TooLarge { found });
        }
        let taken_at = Instant::now();
        self.brakes.take(by.account_key, devices.len(), taken_at)?;
        let expires_at = now.saturating_add(options.expires_in_us.clamp(1, LONGEST_EXPIRY_US));
        let mut orders = Vec::with_capacity(devices.len());
        let mut sessions = Vec::with_capacity(devices.len());
        for device in devices {
            let session = self.registry.only(device.device_key);
            let mut order = NewOrder {
                id: Id::random(),
                device_key: device.device_key,
                origin: Origin::Ticket(ticket),
                kind: request.kind(),
                title: request.title(),
                request: request.to_json(),
                consent: request.consent(),
                asset: request.asset(),
                requested_by: by.name.clone(),
                issued_at: now,
                expires_at,
                bound: None,
            };
            // A connected device gets its order bound in the transaction that keeps it.
            order.bound = session.as_ref().map(|session| {
                let encoded =
                    request::Order::of(&order, &device.id).encode(request, session.installation);
                (session.installation, encoded)
            });
            sessions.push((order.id, session));
            orders.push(order);
        }
        if let Err(error) = self.keep(orders).await {
            if !matches!(error, StoreError::OutcomeUnknown(_)) {
                self.brakes
                    .give_back(by.account_key, devices.len(), taken_at);
            }
            return Err(error.into());
        }
        let submitted = sessions.into_iter().map(|(job, session)| Submitted {
            job,
            expires_at,
            queued: !session.is_some_and(|session| session.tell(Command::Orders)),
        });
        let submitted = submitted.collect();
        self.bus.tell(Live::Ticket {
            number: ticket,
            version: 0,
        });
        Ok(submitted)
    }

    /// Keeps orders. One whose id is known is left as it is, so what may be kept is asked for again.
    async fn keep(&self, orders: Vec<NewOrder>) -> Result<(), StoreError> {
        let mut kept = self.store.submit_orders(orders.clone()).await;
        for _ in 0..TRIES_TO_LEARN {
            let Err(error @ StoreError::OutcomeUnknown(_)) = kept else {
                break;
            };
            sleep(LEARN_AGAIN).await;
            kept = match self.store.submit_orders(orders.clone()).await {
                Err(again) if again.is_unavailable() => Err(error),
                known => known,
            };
        }
        kept
    }

    /// Has what failed on a resolved ticket checked once more, on the collector's own behalf; none: it is not to be.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn recheck(
        &self,
        number: i64,
        now: TimeUs,
    ) -> Result<Option<NumberedTicket>, StoreError> {
        let failed = self.store.failed_checks(number).await?;
        let mut requests = Vec::new();
        for (device_key, failed) in &failed {
            let again = again(&self.store, failed).await?;
            requests.extend(again.into_iter().map(|request| (*device_key, request)));
        }
        let orders = requests.into_iter().map(|(device_key, request)| NewOrder {
            id: Id::random(),
            device_key,
            origin: Origin::Ticket(number),
            kind: request.kind(),
            title: request.title(),
            request: request.to_json(),
            consent: None,
            asset: request.asset(),
            requested_by: RECHECKER.to_owned(),
            issued_at: now,
            expires_at: now.saturating_add(EXPIRY_US),
            bound: None,
        });
        let kept = self.store.recheck(number, orders.collect(), now).await?;
        if kept.is_some() {
            for device_key in failed.into_keys() {
                if let Some(session) = self.registry.only(device_key) {
                    session.tell(Command::Orders);
                }
            }
        }
        Ok(kept)
    }

    /// Puts a question to who sits at a device.
    pub async fn ask_consent(&self, device_key: i64, question: v1::AskConsent) -> Put {
        consent::ask(&self.registry, device_key, question).await
    }

    /// Whether a device has one session that could take an order now.
    pub fn is_connected(&self, device_key: i64) -> bool {
        self.registry.only(device_key).is_some()
    }

    /// Wants a job to stop. What is on a device ends when the device says so.
    ///
    /// # Errors
    /// Not found: the job.
    pub async fn cancel(
        &self,
        job: Id,
        by: &Account,
        now: TimeUs,
    ) -> Result<CancelOutcome, StoreError> {
        let outcome = self.store.cancel_job(job, &by.name, now).await?;
        match &outcome {
            CancelOutcome::Asked { device_key } => {
                for session in self.registry.of(*device_key) {
                    session.tell(Command::Orders);
                }
            }
            CancelOutcome::Cancelled(job) => self.bus.tell(Live::Job(job.clone())),
            CancelOutcome::Ended(_) => {}
        }
        Ok(outcome)
    }

    /// Ends the sessions of a device that was removed or split.
    pub fn cut(&self, device_key: i64, ending: Ending) {
        for session in self.registry.of(device_key) {
            session.tell(Command::End(ending));
        }
    }

    /// Tells connected devices what policies now say.
    pub fn policies_changed(&self) {
        self.registry.tell_all(|| Command::Policies);
    }

    /// Everything that changes from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Told> {
        self.bus.listen().0
    }

    /// Where the changes come from.
    pub fn bus(&self) -> &Bus {
        &self.bus
    }

    /// Who listens now, and how many changes at least one of them has not heard yet.
    #[cfg(test)]
    pub(crate) fn listeners(&self) -> (usize, usize) {
        self.bus.listeners()
    }

    /// Tells who listens.
    pub fn announce(&self, change: Live) {
        self.bus.tell(change);
    }

    /// Expires what is due, until `ending` turns true.
    pub async fn keep_time(self, mut ending: watch::Receiver<bool>) {
        let mut round = interval(EXPIRY_ROUND);
        round.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = round.tick() => {}
                _ = ending.wait_for(|ending| *ending) => return,
            }
            match self.store.expire_due(now_us()).await {
                Ok(changes) => {
                    for job in changes {
                        self.bus.tell(Live::Job(job));
                    }
                }
                Err(error) => tracing::warn!(%error, "expired orders are not looked for"),
            }
        }
    }
}

/// The bytes of a kept order for one installation; they are made once, and stored before they travel.
///
/// # Errors
/// Conflict: it is not to be sent, because somebody wants it cancelled or the device has it; or as the store says.
pub async fn bind(
    store: &Store,
    order: &PendingOrder,
    device: &DeviceId,
    installation: Id,
) -> Result<Vec<u8>, StoreError> {
    if !order.is_to_be_sent() {
        let why = match order.cancel_asked {
            true => wording!("it is not wanted any more"),
            false => wording!("the device has it"),
        };
        return Err(StoreError::conflict(why));
    }
    if let (Some(bound_to), Some(bytes)) = (order.installation_id, &order.order_bytes)
        && bound_to == installation
    {
        return Ok(bytes.clone());
    }
    let request = Request::from_json(&order.request)
        .map_err(|error| StoreError::Broken(error.to_string()))?;
    let origin = match (order.ticket, &order.policy) {
        (Some(number), _) => Origin::Ticket(number),
        (None, Some(policy)) => Origin::Policy(policy.clone()),
        (None, None) => {
            return Err(StoreError::Broken(
                "an order belongs neither to a ticket nor to a policy".to_owned(),
            ));
        }
    };
    let encoded = request::Order {
        id: order.id,
        device,
        origin: &origin,
        requested_by: &order.requested_by,
        issued_at: order.issued_at,
        expires_at: order.expires_at,
    }
    .encode(&request, installation);
    Ok(store
        .bind_order(order.id, installation, encoded, now_us())
        .await?
        .order_bytes)
}

#[cfg(test)]
mod tests;
