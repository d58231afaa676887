//! What a webhook was told, and telling it again.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};

use super::super::body::{At, Body, Params};
use super::super::caller::Admin;
use super::super::page::{Before, next};
use super::super::route::{Least, Route};
use super::super::{AppState, Problem, time};
use crate::store::Id;
use crate::store::accounts::Role;
use crate::store::webhooks::{Delivery, DeliveryState};
use crate::webhooks::message_id;
use crate::wording::wording;

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct DeliveryView {
    /// `webhook-id` of the message, the same at every attempt.
    id: String,
    /// None: it is a test.
    ticket: Option<i64>,
    /// Number of the ticket's event.
    event: Option<i64>,
    /// "waiting", "delivered", "dead".
    state: String,
    made_at: String,
    n_attempts: i64,
    /// When it is tried next, if those before it have gone.
    next_at: Option<String>,
    tried_at: Option<String>,
    /// Of the last answer.
    status: Option<i64>,
    /// Why there was none.
    error: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct DeliveryList {
    items: Vec<DeliveryView>,
    /// Give it as `before` to get the next page; none: this is the last.
    next: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
struct Which {
    /// Only those in this state.
    state: Option<String>,
    /// `next` of the page before.
    before: Option<String>,
    /// 100 if it is not given, 1,000 at most.
    limit: Option<u32>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Replay {
    /// Of a dead delivery; all dead ones if it is not given.
    delivery: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Replayed {
    n_deliveries: u64,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Tested {
    /// Of the delivery, whose state says how it went.
    delivery: String,
}

pub(super) fn routes() -> Vec<Route> {
    let admin = Least::Role(Role::Admin);
    vec![
        Route::new(
            Method::GET,
            "/webhooks/{webhook}/deliveries",
            admin,
            "What a webhook was told or is to be told, the newest first",
            get(list),
        )
        .query::<Which>()
        .gives::<DeliveryList>(),
        Route::new(
            Method::POST,
            "/webhooks/{webhook}/replay",
            admin,
            "Tries dead deliveries again, before those that wait",
            post(replay),
        )
        .takes::<Replay>()
        .gives::<Replayed>(),
        Route::new(
            Method::POST,
            "/webhooks/{webhook}/test",
            admin,
            "Sends a message of the type sonde.test, behind those that wait",
            post(test),
        )
        .gives::<Tested>()
        .answers("202"),
    ]
}

fn view(delivery: &Delivery) -> DeliveryView {
    let is_waiting = delivery.state == DeliveryState::Waiting.as_str();
    DeliveryView {
        id: message_id(delivery.id),
        ticket: delivery.event.map(|(ticket, _)| ticket),
        event: delivery.event.map(|(_, number)| number),
        state: delivery.state.clone(),
        made_at: time::shown(delivery.made_at),
        n_attempts: delivery.n_attempts,
        next_at: is_waiting.then(|| time::shown(delivery.next_at)),
        tried_at: delivery.tried_at.map(time::shown),
        status: delivery.status,
        error: delivery.error.clone(),
    }
}

async fn list(
    State(state): State<AppState>,
    Admin(caller): Admin,
    At(name): At<String>,
    Params(which): Params<Which>,
) -> Result<Json<DeliveryList>, Problem> {
    caller.everywhere()?;
    let wanted = match which.state.as_deref() {
        None => None,
        Some(name) => {
            let found = DeliveryState::ALL
                .into_iter()
                .find(|one| one.as_str() == name);
            let names = DeliveryState::ALL.map(DeliveryState::as_str).join(", ");
            let unknown = || Problem::field("state", wording!("there is no state {}", ?name));
            Some(found.ok_or_else(|| unknown().remedy(wording!("one of {}", names)))?)
        }
    };
    let page = Before::of(which.before, which.limit);
    let found = state
        .store
        .deliveries(&name, wanted, page.cursor()?, page.most());
    let found = found.await?;
    Ok(Json(DeliveryList {
        items: found.iter().map(view).collect(),
        next: next(&found, page.most(), |delivery| delivery.key.to_string()),
    }))
}

async fn replay(
    State(state): State<AppState>,
    Admin(caller): Admin,
    At(name): At<String>,
    Body(replay): Body<Replay>,
) -> Result<Json<Replayed>, Problem> {
    caller.everywhere()?;
    let id: Option<Id> = match &replay.delivery {
        None => None,
        Some(text) => {
            let id = text.strip_prefix("msg_").unwrap_or(text).parse();
            let unknown = || Problem::not_found(wording!("dead delivery"), text);
            Some(id.map_err(|_| unknown())?)
        }
    };
    let by = &caller.account.name;
    let replayed = state.store.replay_deliveries(&name, id, by, time::now_us());
    Ok(Json(Replayed {
        n_deliveries: replayed.await?,
    }))
}

async fn test(
    State(state): State<AppState>,
    Admin(caller): Admin,
    At(name): At<String>,
) -> Result<(StatusCode, Json<Tested>), Problem> {
    caller.everywhere()?;
    let id = state.store.test_webhook(&name, time::now_us()).await?;
    let delivery = message_id(id);
    Ok((StatusCode::ACCEPTED, Json(Tested { delivery })))
}
