//! Other systems whose messages open tickets: declared here, taken by `api/intake.rs`.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::routing::{delete, get, post};
use serde::{Deserialize, Serialize};

use super::super::body::{At, Body, Params};
use super::super::caller::Admin;
use super::super::page::{After, next};
use super::super::route::{Least, Route};
use super::super::{AppState, PREFIX, Problem, time};
use crate::store::accounts::Role;
use crate::store::intake::{NewSource, Source};
use crate::webhooks::signature::Secret;

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct SourceView {
    name: String,
    /// To which its tickets belong.
    site: String,
    /// Where it posts to.
    path: String,
    created_by: String,
    created_at: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct SourceList {
    items: Vec<SourceView>,
    /// Give it as `after` to get the next page; none: this is the last.
    next: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Declared {
    name: String,
    site: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct SourceWithSecret {
    #[serde(flatten)]
    source: SourceView,
    /// What it signs its messages with. It is shown once.
    secret: String,
}

pub(super) fn routes() -> Vec<Route> {
    let admin = Least::Role(Role::Admin);
    vec![
        Route::new(
            Method::GET,
            "/webhook-sources",
            admin,
            "Systems whose messages open tickets, by name",
            get(list),
        )
        .query::<After>()
        .gives::<SourceList>(),
        Route::new(
            Method::POST,
            "/webhook-sources",
            admin,
            "Declares a system whose messages open tickets, and shows its secret this once",
            post(add),
        )
        .takes::<Declared>()
        .gives::<SourceWithSecret>()
        .answers("201"),
        Route::new(
            Method::DELETE,
            "/webhook-sources/{source}",
            admin,
            "Takes no more messages of a system; its tickets stay",
            delete(remove),
        )
        .answers("204"),
    ]
}

fn view(source: Source) -> SourceView {
    SourceView {
        path: format!("{PREFIX}/intake/{}", source.name),
        name: source.name,
        site: source.site,
        created_by: source.created_by,
        created_at: time::shown(source.created_at),
    }
}

async fn list(
    State(state): State<AppState>,
    Admin(caller): Admin,
    Params(page): Params<After>,
) -> Result<Json<SourceList>, Problem> {
    caller.everywhere()?;
    let after: Option<String> = page.cursor()?;
    let found = state.store.intake_sources(after.as_deref(), page.most());
    let found = found.await?;
    let next = next(&found, page.most(), |source| source.name.clone());
    Ok(Json(SourceList {
        items: found.into_iter().map(view).collect(),
        next,
    }))
}

async fn add(
    State(state): State<AppState>,
    Admin(caller): Admin,
    Body(declared): Body<Declared>,
) -> Result<(StatusCode, Json<SourceWithSecret>), Problem> {
    caller.everywhere()?;
    let name = super::name(&declared.name)?;
    super::known_sites(&state, &caller, &[("site".into(), &declared.site)]).await?;
    let (secret, now) = (Secret::random(), time::now_us());
    let by = caller.account.name;
    let added = state.store.add_intake_source(NewSource {
        name: name.clone(),
        site: declared.site.clone(),
        secret: secret.bytes().to_vec(),
        by: by.clone(),
        at: now,
    });
    added.await?;
    let source = Source {
        name,
        site: declared.site,
        created_by: by,
        created_at: now,
    };
    let shown = SourceWithSecret {
        source: view(source),
        secret: secret.shown(),
    };
    Ok((StatusCode::CREATED, Json(shown)))
}

async fn remove(
    State(state): State<AppState>,
    Admin(caller): Admin,
    At(name): At<String>,
) -> Result<StatusCode, Problem> {
    caller.everywhere()?;
    let removed = state
        .store
        .remove_intake_source(&name, &caller.account.name, time::now_us());
    removed.await?;
    Ok(StatusCode::NO_CONTENT)
}
