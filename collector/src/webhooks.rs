//! Tells other systems what happens to tickets, as the Standard Webhooks specification (version 1.0.0) has it.
//!
//! What is owed is written with the event itself (`store/webhooks`), so that it is told though the collector is killed
//! between the two: at least once, always under the same id. Each endpoint is told in the order of the events, one message at a
//! time; endpoints do not wait for each other.

pub(crate) mod post;
pub mod reach;
pub(crate) mod schedule;
pub(crate) mod signature;
pub(crate) mod target;

use std::collections::HashSet;
use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use crate::api::{event_json, shown};
use crate::clock::now_us;
use crate::store::webhooks::{Attempted, Due};
use crate::store::{Id, Store, StoreError, TimeUs, random_bytes};
use post::Postman;
use schedule::{Answer, Next, next};
use signature::Secret;
use target::Target;

/// How often it looks what is owed.
const ROUND: Duration = Duration::from_millis(500);
/// How often old deliveries are forgotten.
const TIDY_ROUND: Duration = Duration::from_secs(600);
/// Endpoints that are told something at the same time.
const AT_ONCE: usize = 16;
/// Messages to one endpoint before it is asked anew which others are owed something.
const IN_A_ROW: usize = 100;
/// Rows of one tidying.
const TIDY_ROWS: u32 = 5_000;
const DAY_US: i64 = 86_400_000_000;
/// For so long a delivery that arrived can be looked at, and one that did not can be replayed.
const DELIVERED_KEPT_US: i64 = 7 * DAY_US;
/// For so long a message that was taken is known again; one that is older than minutes is not taken.
const MESSAGES_KEPT_US: i64 = 7 * DAY_US;
const DEAD_KEPT_US: i64 = 30 * DAY_US;

/// Before each event's kind, in a message's type.
const TYPE_PREFIX: &str = "ticket.";
const TEST_TYPE: &str = "sonde.test";

/// Sends what is owed.
#[derive(Clone)]
pub(crate) struct Sender {
    pub(crate) store: Store,
    pub(crate) postman: Postman,
    /// Whether an endpoint may be told without TLS.
    pub(crate) plain_allowed: bool,
}

/// Tells until `ending` turns true. What is under way then is told again at the next start.
pub(crate) async fn keep(sender: Sender, mut ending: watch::Receiver<bool>) {
    let mut round = interval(ROUND);
    round.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut tidy = interval(TIDY_ROUND);
    let mut busy = HashSet::new();
    let mut under_way: JoinSet<i64> = JoinSet::new();
    loop {
        tokio::select! {
            () = ended(&mut ending) => return,
            Some(ended) = under_way.join_next() => match ended {
                Ok(webhook_key) => {
                    busy.remove(&webhook_key);
                }
                // Which one is not known: none of them is busy for good.
                Err(error) => {
                    tracing::error!(%error, "telling a webhook broke");
                    under_way.shutdown().await;
                    busy.clear();
                }
            },
            _ = tidy.tick() => {
                let now = now_us();
                let (delivered, dead) = (now - DELIVERED_KEPT_US, now - DEAD_KEPT_US);
                let tidied = async {
                    sender.store.tidy_deliveries(delivered, dead, TIDY_ROWS, now).await?;
                    sender.store.tidy_intake(now - MESSAGES_KEPT_US).await
                };
                if let Err(error) = tidied.await {
                    tracing::warn!(%error, "old webhook messages are not forgotten");
                }
            }
            _ = round.tick() => match sender.store.due_deliveries(None, now_us()).await {
                Ok(all) => {
                    for due in all {
                        if under_way.len() < AT_ONCE && busy.insert(due.webhook_key) {
                            under_way.spawn(tell_all(sender.clone(), due));
                        }
                    }
                }
                Err(error) => tracing::warn!(%error, "it is not known what webhooks are owed"),
            },
        }
    }
}

/// Ready when the collector goes down.
async fn ended(ending: &mut watch::Receiver<bool>) {
    drop(ending.wait_for(|ending| *ending).await);
}

/// One endpoint, until it is owed nothing more now.
async fn tell_all(sender: Sender, first: Due) -> i64 {
    let webhook_key = first.webhook_key;
    let mut due = Some(first);
    for _ in 0..IN_A_ROW {
        let Some(one) = due else {
            break;
        };
        let told = sender.tell(one).await;
        let next = match told {
            Ok(true) => {
                sender
                    .store
                    .due_deliveries(Some(webhook_key), now_us())
                    .await
            }
            Ok(false) => break,
            Err(error) => Err(error),
        };
        match next {
            Ok(next) => due = next.into_iter().next(),
            Err(error) => {
                tracing::warn!(%error, "a webhook's deliveries cannot be read or kept");
                break;
            }
        }
    }
    webhook_key
}

impl Sender {
    /// Tries one delivery. Whether the next may follow at once.
    async fn tell(&self, due: Due) -> Result<bool, StoreError> {
        let answer = match self.body(&due).await? {
            Some(body) => self.post(&due, body).await,
            None => Answer::None("the event cannot be read".into()),
        };
        let (status, error) = match &answer {
            Answer::Taken { status } | Answer::Status { status, .. } => (Some(*status), None),
            Answer::None(why) => (None, Some(why.clone())),
        };
        let n_attempts = u32::try_from(due.delivery.n_attempts + 1).unwrap_or(u32::MAX);
        let drawn = u64::from_le_bytes(random_bytes());
        let now = now_us();
        let attempted = match next(&answer, n_attempts, drawn) {
            Next::Done => Attempted::Delivered,
            Next::Again(delay) => Attempted::Again(now.saturating_add(delay.as_micros() as i64)),
            Next::Dead => Attempted::Dead,
            Next::Gone => Attempted::Disabled {
                reason: "it answered 410: it wants nothing more".into(),
                is_dead: true,
            },
            Next::Disable => Attempted::Disabled {
                reason: format!("{n_attempts} attempts over three days have failed"),
                is_dead: false,
            },
        };
        let goes_on = matches!(attempted, Attempted::Delivered | Attempted::Dead);
        let kept = self
            .store
            .delivery_attempted(due, status, error, attempted, now);
        kept.await?;
        Ok(goes_on)
    }

    async fn body(&self, due: &Due) -> Result<Option<Value>, StoreError> {
        let Some((ticket, number)) = due.delivery.event else {
            let data = json!({"webhook": due.webhook});
            return Ok(Some(message(TEST_TYPE, due.delivery.made_at, data)));
        };
        let found = self.store.delivered_event(ticket, number).await?;
        Ok(found.map(|(ticket, event)| {
            let at = event.at;
            let event = event_json(event);
            let kind = event["kind"].as_str().unwrap_or("unknown").to_owned();
            // Of the ticket only what no later event changes: a message that is sent again says the same.
            let own = json!({
                "number": ticket.number, "title": ticket.ticket.title, "site": ticket.ticket.site,
                "opened_at": shown(ticket.ticket.opened_at),
            });
            let data = json!({"ticket": own, "event": event});
            message(&format!("{TYPE_PREFIX}{kind}"), at, data)
        }))
    }

    async fn post(&self, due: &Due, body: Value) -> Answer {
        let target = match Target::of(&due.url, self.plain_allowed) {
            Ok(target) => target,
            Err(refusal) => return Answer::None(refusal.to_string()),
        };
        let body = Bytes::from(body.to_string());
        let at = now_us() / 1_000_000;
        let id = message_id(due.delivery.id);
        let signed = due
            .secrets
            .iter()
            .map(|secret| Secret::of(secret.clone()).sign(&id, at, &body));
        let fields = [
            (signature::SIGNATURE, signed.collect::<Vec<_>>().join(" ")),
            (signature::ID, id),
            (signature::TIMESTAMP, at.to_string()),
        ];
        self.postman
            .post(&target, "application/json", &fields, body)
            .await
    }
}

fn message(kind: &str, at: TimeUs, data: Value) -> Value {
    json!({"type": kind, "timestamp": shown(at), "data": data})
}

/// What a receiver knows a message by.
pub(crate) fn message_id(id: Id) -> String {
    format!("msg_{id}")
}
