//! What the requester does on the page. Each is a form of it, and leads back to it.

use axum::extract::{Form, FromRequest, Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::super::body::clean;
use super::super::tickets::consents;
use super::super::{AppState, time};
use super::{ACTOR, Failure, Guest};
use crate::desk::Event;
use crate::desk::answer::Reply;
use crate::desk::consent::{Answer, Way};
use crate::desk::ticket::NOTE_LENGTH;
use crate::store::Id;
use crate::store::tickets::RequesterSays;
use crate::work::Live;

#[derive(Deserialize)]
struct Message {
    text: String,
}

#[derive(Deserialize)]
struct Solved {
    solved: String,
    #[serde(default)]
    text: String,
}

#[derive(Deserialize)]
struct Answered {
    answer: String,
}

#[derive(Deserialize)]
pub(super) struct Which {
    consent: String,
}

async fn form<T: DeserializeOwned>(
    request: Request,
    state: &AppState,
    guest: &Guest,
) -> Result<T, Failure> {
    match Form::<T>::from_request(request, state).await {
        Ok(Form(form)) => Ok(form),
        Err(_) => Err(Failure::form(guest.lang).back_to(guest.place())),
    }
}

pub(super) async fn message(
    State(state): State<AppState>,
    guest: Guest,
    request: Request,
) -> Result<Response, Failure> {
    let Message { text } = form(request, &state, &guest).await?;
    if text.trim().is_empty() {
        return Err(Failure::form(guest.lang).back_to(guest.place()));
    }
    say(&state, guest, Some(text), None).await
}

pub(super) async fn solved(
    State(state): State<AppState>,
    guest: Guest,
    request: Request,
) -> Result<Response, Failure> {
    let Solved { solved, text } = form(request, &state, &guest).await?;
    let is_solved = match solved.as_str() {
        "yes" => true,
        "no" => false,
        _ => return Err(Failure::form(guest.lang).back_to(guest.place())),
    };
    let text = Some(text).filter(|text| !text.trim().is_empty());
    say(&state, guest, text, Some(is_solved)).await
}

async fn say(
    state: &AppState,
    guest: Guest,
    text: Option<String>,
    is_solved: Option<bool>,
) -> Result<Response, Failure> {
    // Browsers write lines of a form with a carriage return (HTML, §4.10.21.7).
    let text = text.map(|text| text.replace("\r\n", "\n"));
    let text = text.map(|text| clean("text", &text, NOTE_LENGTH, true));
    let text = text.transpose().map_err(|problem| guest.failure(problem))?;
    let says = RequesterSays {
        number: guest.ticket.number,
        reply: Reply {
            text,
            is_solved,
            asked: None,
        },
        actor: ACTOR.to_owned(),
        expected_version: None,
        at: time::now_us(),
    };
    let said = state.store.requester_says(says).await;
    let ticket = said.map_err(|error| guest.failure(error))?;
    state.work.announce(Live::Ticket {
        number: ticket.number,
        version: ticket.ticket.version,
    });
    Ok(back(&guest))
}

pub(super) async fn consent(
    State(state): State<AppState>,
    guest: Guest,
    Path(Which { consent }): Path<Which>,
    request: Request,
) -> Result<Response, Failure> {
    let Answered { answer } = form(request, &state, &guest).await?;
    let event = match (answer.as_str(), Answer::named(&answer)) {
        ("withdraw", _) => Event::ConsentWithdrawn {
            consent: consent.clone(),
        },
        (_, Some(answer)) => Event::ConsentAnswered {
            consent: consent.clone(),
            answer,
            way: Way::Page,
        },
        (_, None) => return Err(Failure::form(guest.lang).back_to(guest.place())),
    };
    let Ok(id) = consent.parse::<Id>() else {
        return Err(Failure::form(guest.lang).back_to(guest.place()));
    };
    let number = guest.ticket.number;
    let happened = consents::happen(&state, number, id, event, ACTOR, time::now_us()).await;
    match happened {
        Ok(_) => Ok(back(&guest)),
        // Only the desk's rules refuse it: it is answered, expired or used.
        Err(problem) if problem.status == StatusCode::UNPROCESSABLE_ENTITY.as_u16() => {
            Err(Failure::too_late(guest.lang).back_to(guest.place()))
        }
        Err(problem) => Err(guest.failure(problem)),
    }
}

/// To the page, which then shows what was done (RFC 9110, 15.4.4).
fn back(guest: &Guest) -> Response {
    Redirect::to(&guest.place()).into_response()
}
