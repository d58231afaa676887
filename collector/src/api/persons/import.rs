//! A list of persons in CSV, taken whole or not at all.

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use axum::routing::post;
use serde::{Deserialize, Serialize};

use super::super::body::Body;
use super::super::caller::Technician;
use super::super::route::{Least, Route};
use super::super::sites::known_sites;
use super::super::tickets::own_site;
use super::super::{AppState, Problem, time};
use crate::desk::person::import;
use crate::store::accounts::Role;
use crate::store::persons::ImportPersons;
use crate::store::sites::DEFAULT_SITE;

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct PersonsCsv {
    /// With the header `name,phone,mail,language,site,group`, of which only the name has to be there; several telephone
    /// numbers or mail addresses in one cell have `|` between them. What is empty stays as it was known.
    csv: String,
    /// Of new persons whose line names none; the caller's first if it is not given.
    site: Option<String>,
}

/// How many persons a list has changed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct PersonsTaken {
    added: usize,
    changed: usize,
    /// The list says nothing new of them.
    same: usize,
}

pub(super) fn route() -> Route {
    Route::new(
        Method::POST,
        "/persons/import",
        Least::Role(Role::Technician),
        "Adds and changes the persons of a list, or refuses it whole; known is who has a mail address of it, else who has a \
         telephone number and a word of the name",
        post(take),
    )
    .takes::<PersonsCsv>()
    .gives::<PersonsTaken>()
}

async fn take(
    State(state): State<AppState>,
    Technician(caller): Technician,
    Body(body): Body<PersonsCsv>,
) -> Result<Json<PersonsTaken>, Problem> {
    let lines = import::read(&body.csv)
        .map_err(|wrongs| Problem::field("csv", import::told(&wrongs)).remedy(import::remedy()))?;
    let site = match body.site {
        Some(site) => site,
        None => own_site(&state, &caller).await?,
    };
    known_sites(&state, &caller, &[("site".into(), &site)]).await?;
    let mut names = state.store.sites().await?;
    names.retain(|site| caller.account.sees(site.site_key));
    let names = names.into_iter().map(|site| site.name);
    let default = Some(DEFAULT_SITE.to_owned()).filter(|_| caller.account.sites.is_empty());
    let taken = state
        .store
        .import_persons(ImportPersons {
            lines,
            sites: caller.account.site_filter(),
            names: names.chain(default).collect(),
            site,
            by: caller.account.name.clone(),
            at: time::now_us(),
        })
        .await?;
    Ok(Json(PersonsTaken {
        added: taken.n_added,
        changed: taken.n_changed,
        same: taken.n_same,
    }))
}
