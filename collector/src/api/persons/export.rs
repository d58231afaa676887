//! All that the collector holds of a person, in one answer.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use axum::routing::get;
use serde::Serialize;

use super::super::body::At;
use super::super::caller::Senior;
use super::super::route::{Least, Route};
use super::super::{AppState, Problem, time};
use super::{PersonView, person_of, view, with_devices};
use crate::desk::consent::{Answer, Way};
use crate::desk::{Event, Side};
use crate::store::accounts::Role;
use crate::store::tickets::Happened;
use crate::wording::wording;

/// Tickets that are told whole, the newest; of the others the number.
const MOST_TICKETS: usize = 1_000;
/// Things said on devices.
const MOST_SAID: usize = 10_000;
/// Consents of one ticket.
const MOST_CONSENTS: u32 = 500;

/// A name under which a device knows the person.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct KnownThere {
    /// Id.
    device: String,
    hostname: String,
    login: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct SaidView {
    /// Id.
    device: String,
    login: String,
    /// When they meant it.
    asked_at: String,
    taken_at: String,
    ticket: Option<i64>,
    /// Why it was refused, or stands on another ticket than it was meant for.
    reason: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct WrittenView {
    at: String,
    /// Who put it onto the ticket.
    by: String,
    text: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct AnsweredView {
    /// Id of the device.
    device: String,
    action: String,
    #[schema(value_type = Object)]
    parameters: serde_json::Map<String, serde_json::Value>,
    answer: Answer,
    way: Way,
    at: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct PageView {
    created_at: String,
    created_by: String,
    expires_at: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct TheirTicket {
    number: i64,
    title: String,
    state: String,
    opened_at: String,
    /// As it stands on the ticket.
    requester: Option<String>,
    /// What they wrote, the oldest first: the newest 500.
    messages: Vec<WrittenView>,
    /// What was answered in their place or by them.
    consents: Vec<AnsweredView>,
    /// Pages that are good; their addresses are not known.
    pages: Vec<PageView>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct PersonExport {
    at: String,
    /// With devices, confirmed ones and those that they are logged on to.
    person: PersonView,
    /// Others of the site with the same name: what is in that name alone may be theirs.
    namesakes: usize,
    known_as: Vec<KnownThere>,
    /// Tickets that they have asked for, the oldest first.
    tickets: Vec<TheirTicket>,
    /// Numbers of older tickets of theirs that are not told here.
    left_out: Vec<i64>,
    /// Numbers of tickets in their name that may be a namesake's.
    doubtful: Vec<i64>,
    /// What they have said on devices: the first 10,000.
    said: Vec<SaidView>,
}

pub(super) fn route() -> Route {
    Route::new(
        Method::GET,
        "/persons/{person}/export",
        Least::Role(Role::Senior),
        "All that is held of a person; that it was given out is kept",
        get(export),
    )
    .gives::<PersonExport>()
}

async fn export(
    State(state): State<AppState>,
    Senior(caller): Senior,
    At(id): At<String>,
) -> Result<Json<PersonExport>, Problem> {
    let person = person_of(&state, &caller, &id).await?;
    let missing = || Problem::not_found(wording!("person"), &id);
    let traces = state.store.traces(person.id).await?.ok_or_else(missing)?;
    let keys = traces.known_as.iter().map(|one| one.device_key);
    let devices = state.store.devices_by_key(keys).await?;
    let names: HashMap<i64, (String, String)> = devices
        .into_iter()
        .map(|(key, device)| (key, (device.id.to_string(), device.hostname)))
        .collect();
    let named = |key: i64| names.get(&key).cloned().unwrap_or_default();
    let known_as = traces.known_as.iter().map(|one| {
        let (device, hostname) = named(one.device_key);
        KnownThere {
            device,
            hostname,
            login: one.login.clone(),
        }
    });
    let known_as = known_as.collect();
    let said = state.store.said_as(&traces.known_as, MOST_SAID).await?;
    let said = said.into_iter().map(|one| SaidView {
        device: named(one.known_as.device_key).0,
        login: one.known_as.login,
        asked_at: time::shown(one.asked_at),
        taken_at: time::shown(one.taken_at),
        ticket: one.ticket,
        reason: one.reason,
    });
    let said = said.collect();
    let skipped = traces.tickets.len().saturating_sub(MOST_TICKETS);
    let (left_out, told) = traces.tickets.split_at(skipped);
    let mut tickets = Vec::with_capacity(told.len());
    for number in told {
        tickets.extend(ticket(&state, *number).await?);
    }
    let persons = std::slice::from_ref(&traces.person);
    let mut theirs = with_devices(&state, &caller, persons, &[]).await?;
    let theirs = theirs.remove(&traces.person.id).unwrap_or_default();
    let (by, now) = (&caller.account.name, time::now_us());
    state.store.person_exported(person.id, by, now).await?;
    Ok(Json(PersonExport {
        at: time::shown(now),
        person: PersonView {
            devices: Some(theirs),
            ..view(traces.person)
        },
        namesakes: traces.n_namesakes,
        known_as,
        tickets,
        left_out: left_out.to_vec(),
        doubtful: traces.doubtful,
        said,
    }))
}

async fn ticket(state: &AppState, number: i64) -> Result<Option<TheirTicket>, Problem> {
    let store = &state.store;
    let Some(found) = store.ticket(number).await? else {
        return Ok(None);
    };
    let mut messages = store.messages(number).await?;
    messages.reverse();
    let messages = messages
        .into_iter()
        .filter_map(|happened| match happened.event {
            Happened::Known(Event::Messaged {
                side: Side::Requester,
                text,
                ..
            }) => Some(WrittenView {
                at: time::shown(happened.at),
                by: happened.actor,
                text,
            }),
            Happened::Known(_) | Happened::Unknown { .. } => None,
        });
    let consents = store.consents(number, None, MOST_CONSENTS).await?;
    let consents = consents.into_iter().filter_map(|one| {
        let consent = one.consent;
        let (answer, way) = consent.answer?;
        Some(AnsweredView {
            device: consent.purpose.device,
            action: consent.purpose.action,
            parameters: consent.purpose.parameters,
            answer,
            way,
            at: consent.answered_at.map(time::shown),
        })
    });
    let pages = store.links(number, time::now_us()).await?;
    let pages = pages.into_iter().map(|link| PageView {
        created_at: time::shown(link.created_at),
        created_by: link.created_by,
        expires_at: time::shown(link.expires_at),
    });
    let own = found.ticket;
    Ok(Some(TheirTicket {
        number,
        title: own.title,
        state: own.state.as_str().to_owned(),
        opened_at: time::shown(own.opened_at),
        requester: own.requester,
        messages: messages.collect(),
        consents: consents.collect(),
        pages: pages.collect(),
    }))
}
