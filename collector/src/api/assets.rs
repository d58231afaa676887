//! Things without an agent: list, show, add, set, remove.

use std::net::IpAddr;

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::routing::{delete, get, post, put};
use serde::{Deserialize, Serialize};
use sonde_proto::asset::AssetAddress;

use super::body::{At, Body, Params, clean, said};
use super::caller::{Technician, Viewer};
use super::page::{After, next};
use super::route::{Least, Route};
use super::sites::known_sites;
use super::tickets::own_site;
use super::{AppState, Problem, time};
use crate::desk::asset::{
    Details, Kind, MODEL_LENGTH, NAME_LENGTH, NOTE_LENGTH, PLACE_LENGTH, SERIAL_LENGTH,
};
use crate::desk::caller;
use crate::desk::person::folded;
use crate::store::accounts::Role;
use crate::store::assets::{Asset, AssetChange, AssetFilter, AssetSought, NewAsset};
use crate::wording::wording;

/// Longest address as it is written, characters.
const ADDRESS_LENGTH: usize = sonde_proto::asset::LONGEST + 2;

#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(super) struct AssetView {
    pub(super) id: String,
    site: String,
    pub(super) kind: Kind,
    pub(super) name: String,
    /// A name or an IP address.
    pub(super) address: Option<String>,
    /// On which it takes connections.
    pub(super) port: Option<u16>,
    serial: Option<String>,
    model: Option<String>,
    /// Where it stands.
    place: Option<String>,
    /// For technicians.
    note: String,
    /// What `version` of a change compares.
    version: i64,
    changed_at: String,
    changed_by: String,
    /// It is not there any more.
    pub(super) removed_at: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct AssetList {
    items: Vec<AssetView>,
    /// Give it as `after` to get the next page; none: this is the last.
    next: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
struct Which {
    /// Beginnings of words of name, kind, serial number, model or place; or an address.
    search: Option<String>,
    kind: Option<Kind>,
    /// Those that are not there any more, too.
    removed: Option<bool>,
    /// `next` of the page before.
    after: Option<String>,
    /// 100 if it is not given, 1,000 at most.
    limit: Option<u32>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct AskAsset {
    kind: Kind,
    /// One of its site alone is called so.
    name: String,
    /// Where it belongs for good; the caller's first site if it is not given.
    site: Option<String>,
    /// A name or an IP address, at which a device beside it can look for it.
    address: Option<String>,
    /// Goes with an address.
    port: Option<u16>,
    serial: Option<String>,
    model: Option<String>,
    place: Option<String>,
    #[serde(default)]
    note: String,
    /// Of a change: the one that the caller saw. Whichever it is if it is not given.
    version: Option<i64>,
}

pub(super) fn routes() -> Vec<Route> {
    let (viewer, technician) = (Least::Role(Role::Viewer), Least::Role(Role::Technician));
    vec![
        Route::new(
            Method::GET,
            "/assets",
            viewer,
            "Things without an agent, by name",
            get(list),
        )
        .query::<Which>()
        .gives::<AssetList>(),
        Route::new(
            Method::POST,
            "/assets",
            technician,
            "Adds a thing without an agent that a ticket can be about",
            post(add),
        )
        .takes::<AskAsset>()
        .gives::<AssetView>()
        .answers("201"),
        Route::new(
            Method::GET,
            "/assets/{asset}",
            viewer,
            "One of them, removed or not",
            get(show),
        )
        .gives::<AssetView>(),
        Route::new(
            Method::PUT,
            "/assets/{asset}",
            technician,
            "Sets what is known of it, in the place of all that was",
            put(set),
        )
        .takes::<AskAsset>()
        .gives::<AssetView>(),
        Route::new(
            Method::DELETE,
            "/assets/{asset}",
            technician,
            "Says that it is not there any more; tickets that were about it still say so",
            delete(remove),
        )
        .answers("204"),
    ]
}

pub(super) fn view(asset: Asset) -> AssetView {
    let details = asset.details;
    AssetView {
        id: asset.id.to_string(),
        site: asset.site,
        kind: details.kind,
        name: details.name,
        address: details.address,
        port: details.port,
        serial: details.serial,
        model: details.model,
        place: details.place,
        note: details.note,
        version: asset.version,
        changed_at: time::shown(asset.changed_at),
        changed_by: asset.changed_by,
        removed_at: asset.removed_at.map(time::shown),
    }
}

async fn list(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    Params(which): Params<Which>,
) -> Result<Json<AssetList>, Problem> {
    let page = After::of(which.after, which.limit);
    let filter = AssetFilter {
        sites: caller.account.site_filter(),
        sought: which.search.as_deref().map(sought).transpose()?,
        kind: which.kind,
        with_removed: which.removed == Some(true),
        after: page.cursor()?,
        most: page.most(),
    };
    let assets = state.store.assets(&filter).await?;
    Ok(Json(AssetList {
        next: next(&assets, page.most(), |asset| asset.id.to_string()),
        items: assets.into_iter().map(view).collect(),
    }))
}

/// By what an asset can be found of what was typed.
fn sought(text: &str) -> Result<AssetSought, Problem> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > caller::LONGEST {
        let what = wording!("1 to {} characters", caller::LONGEST);
        return Err(Problem::field("search", what));
    }
    Ok(fitting(text))
}

/// What of an asset a text can be: beginnings of words, or an address.
pub(super) fn fitting(text: &str) -> AssetSought {
    let address = AssetAddress::of(text, None).ok();
    let words = match text.parse::<IpAddr>() {
        Ok(_) => String::new(),
        Err(_) => folded(text),
    };
    AssetSought {
        words: words.split_whitespace().map(str::to_owned).collect(),
        address: address.map(|address| address.host),
    }
}

/// What was sent, harmless; whether it is right the rules say.
fn details(ask: &AskAsset) -> Result<Details, Problem> {
    let some = |field: &'static str, text: &Option<String>, longest: usize| {
        let text = text.as_deref().map(str::trim);
        let text = text.filter(|text| !text.is_empty());
        text.map(|text| clean(field, text, longest, false))
            .transpose()
    };
    Ok(Details {
        kind: ask.kind,
        name: said(
            "name",
            &ask.name,
            NAME_LENGTH,
            wording!("say what people call it"),
        )?,
        address: some("address", &ask.address, ADDRESS_LENGTH)?,
        port: ask.port,
        serial: some("serial", &ask.serial, SERIAL_LENGTH)?,
        model: some("model", &ask.model, MODEL_LENGTH)?,
        place: some("place", &ask.place, PLACE_LENGTH)?,
        note: clean("note", &ask.note, NOTE_LENGTH, true)?,
    })
}

async fn add(
    State(state): State<AppState>,
    Technician(caller): Technician,
    Body(ask): Body<AskAsset>,
) -> Result<(StatusCode, Json<AssetView>), Problem> {
    if ask.version.is_some() {
        return Err(Problem::field("version", wording!("a new asset has none")));
    }
    let details = details(&ask)?;
    let site = match ask.site {
        Some(site) => site,
        None => own_site(&state, &caller).await?,
    };
    known_sites(&state, &caller, &[("site".into(), &site)]).await?;
    let new = NewAsset {
        site,
        details,
        by: caller.account.name.clone(),
        at: time::now_us(),
    };
    let id = state.store.add_asset(new).await?;
    let added = caller.asset(&state, &id.to_string()).await;
    added
        .map(|asset| (StatusCode::CREATED, Json(view(asset))))
        .map_err(|problem| problem.after(wording!("the asset {} is added", %id)))
}

async fn show(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At(id): At<String>,
) -> Result<Json<AssetView>, Problem> {
    caller.asset(&state, &id).await.map(view).map(Json)
}

async fn set(
    State(state): State<AppState>,
    Technician(caller): Technician,
    At(id): At<String>,
    Body(ask): Body<AskAsset>,
) -> Result<Json<AssetView>, Problem> {
    let asset = caller.asset(&state, &id).await?;
    if ask.site.as_ref().is_some_and(|site| *site != asset.site) {
        let what = wording!("it belongs to {} for good", asset.site);
        return Err(Problem::field("site", what)
            .remedy(wording!("remove it, and add it to the other site")));
    }
    let change = AssetChange {
        id: asset.id,
        details: details(&ask)?,
        expected_version: ask.version,
        by: caller.account.name.clone(),
        at: time::now_us(),
    };
    state.store.set_asset(change).await?;
    let set = caller.asset(&state, &id).await;
    set.map(view)
        .map(Json)
        .map_err(|problem| problem.after(wording!("what is known of the asset is set")))
}

async fn remove(
    State(state): State<AppState>,
    Technician(caller): Technician,
    At(id): At<String>,
) -> Result<StatusCode, Problem> {
    let asset = caller.asset(&state, &id).await?;
    let (by, now) = (&caller.account.name, time::now_us());
    state.store.remove_asset(asset.id, by, now).await?;
    Ok(StatusCode::NO_CONTENT)
}
