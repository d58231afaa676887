//! A person is forgotten, on tickets too.

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use axum::routing::post;
use serde::{Deserialize, Serialize};

use super::super::body::{At, Body};
use super::super::caller::Admin;
use super::super::route::{Least, Route};
use super::super::{AppState, Problem, time};
use super::person_of;
use crate::store::accounts::Role;
use crate::store::persons::ErasePerson;
use crate::wording::wording;

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct EraseAsk {
    /// The person's name, as it is kept: it cannot be taken back.
    name: String,
    /// What they wrote goes too.
    #[serde(default)]
    words: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct PersonErased {
    /// What stands on tickets in their place.
    pseudonym: String,
    /// Numbers of the tickets that they had asked for.
    tickets: Vec<i64>,
    /// Numbers of tickets in their name that may be another person's of the same name: they are as they were.
    doubtful: Vec<i64>,
}

pub(super) fn route() -> Route {
    Route::new(
        Method::POST,
        "/persons/{person}/erase",
        Least::Role(Role::Admin),
        "Erases a person for good: a pseudonym stands on their tickets, whose pages lead nowhere any more",
        post(erase),
    )
    .takes::<EraseAsk>()
    .gives::<PersonErased>()
}

async fn erase(
    State(state): State<AppState>,
    Admin(caller): Admin,
    At(id): At<String>,
    Body(ask): Body<EraseAsk>,
) -> Result<Json<PersonErased>, Problem> {
    let person = person_of(&state, &caller, &id).await?;
    if ask.name != person.details.name {
        let why = wording!("it is not the name of this person");
        return Err(
            Problem::field("name", why).remedy(wording!("type the name just as it is kept"))
        );
    }
    let erase = ErasePerson {
        id: person.id,
        words: ask.words,
        by: caller.account.name.clone(),
        at: time::now_us(),
    };
    let erased = state.store.erase_person(erase).await?;
    Ok(Json(PersonErased {
        pseudonym: erased.pseudonym,
        tickets: erased.tickets,
        doubtful: erased.doubtful,
    }))
}
