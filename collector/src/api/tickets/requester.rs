//! Who asks for a ticket.

use axum::http::Method;
use axum::response::Response;
use axum::routing::post;
use serde::Deserialize;

use super::super::body::{At, Body, clean};
use super::super::caller::Caller;
use super::super::persons::person_of;
use super::super::route::{Least, Route};
use super::super::{AppState, Problem};
use super::change::Change;
use super::{REQUESTER_LENGTH, TicketView};
use crate::desk::{Event, Listed};
use crate::store::accounts::Role;
use crate::wording::wording;

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewRequester {
    /// Their name; that of the person if it is not given.
    requester: Option<String>,
    /// Id of the person. If it is not given: the only one of that name at the ticket's site, if there is one.
    person: Option<String>,
}

pub(super) fn route() -> Route {
    Route::new(
        Method::POST,
        "/tickets/{ticket}/requester",
        Least::Role(Role::Technician),
        "Says who asks for it",
        post(set),
    )
    .takes::<NewRequester>()
    .gives::<TicketView>()
}

async fn set(
    change: Change,
    At(number): At<i64>,
    Body(body): Body<NewRequester>,
) -> Result<Response, Problem> {
    let (state, caller) = (&change.state, &change.caller);
    let ticket = caller.ticket(state, number).await?;
    let (name, person) = asker(state, caller, body.requester, body.person).await?;
    let Some(to) = name else {
        return Err(Problem::field("requester", wording!("it is missing"))
            .remedy(wording!("give a name or a person")));
    };
    let person = match person {
        Some(person) => Some(person),
        None => state.store.listed(ticket.site_key, &to).await?,
    };
    change
        .make(number, Event::RequesterChanged { to, person })
        .await
}

/// The name that is given or the person's, and who that is; whoever may see the person can say that it is they.
pub(super) async fn asker(
    state: &AppState,
    caller: &Caller,
    requester: Option<String>,
    person: Option<String>,
) -> Result<(Option<String>, Option<Listed>), Problem> {
    let name = requester
        .map(|name| clean("requester", &name, REQUESTER_LENGTH, false))
        .transpose()?;
    let Some(person) = person else {
        return Ok((name, None));
    };
    let person = person_of(state, caller, &person).await?;
    let listed = Listed {
        id: Some(person.id.to_string()),
        group: person.details.group,
    };
    Ok((Some(name.unwrap_or(person.details.name)), Some(listed)))
}
