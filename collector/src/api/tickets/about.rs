//! What a ticket is about: of a new one devices and things without an agent, later of these.

use std::collections::HashMap;

use axum::http::Method;
use axum::response::Response;
use axum::routing::{delete, post};
use serde::{Deserialize, Serialize};

use super::super::body::{At, Body};
use super::super::caller::Caller;
use super::super::route::{Least, Route};
use super::super::sites::known_sites;
use super::super::{AppState, Problem};
use super::change::Change;
use super::{NewTicket, TicketView, own_site};
use crate::desk::asset::Kind;
use crate::desk::{Event, MOST_ASSETS};
use crate::store::accounts::Role;
use crate::store::assets::Asset;
use crate::store::devices::Device;
use crate::wording::wording;
use crate::work::few_enough;

/// A thing without an agent as people know it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct NamedAsset {
    id: String,
    /// None, as of what follows: it cannot be read now.
    name: Option<String>,
    kind: Option<Kind>,
    /// A name or an IP address; none, too: it has none that is known.
    address: Option<String>,
    port: Option<u16>,
    /// It is not there any more.
    removed: bool,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct AddAsset {
    /// Id.
    asset: String,
}

pub(super) fn routes() -> Vec<Route> {
    let technician = Least::Role(Role::Technician);
    vec![
        Route::new(
            Method::POST,
            "/tickets/{ticket}/assets",
            technician,
            "Adds a thing without an agent",
            post(add),
        )
        .takes::<AddAsset>()
        .gives::<TicketView>(),
        Route::new(
            Method::DELETE,
            "/tickets/{ticket}/assets/{asset}",
            technician,
            "Takes a thing without an agent off it",
            delete(remove),
        )
        .gives::<TicketView>(),
    ]
}

/// Those of a ticket, by what is known of them.
pub(super) fn named(ids: &[String], known: &HashMap<String, Asset>) -> Vec<NamedAsset> {
    let named = ids.iter().map(|id| {
        let asset = known.get(id);
        let details = asset.map(|asset| &asset.details);
        NamedAsset {
            id: id.clone(),
            name: details.map(|details| details.name.clone()),
            kind: details.map(|details| details.kind),
            address: details.and_then(|details| details.address.clone()),
            port: details.and_then(|details| details.port),
            removed: asset.is_some_and(|asset| asset.removed_at.is_some()),
        }
    });
    named.collect()
}

/// What a new ticket is about, and where that is.
pub(super) struct About {
    pub(super) devices: Vec<Device>,
    /// Ids.
    pub(super) assets: Vec<String>,
    pub(super) site: String,
    /// None: it is about nothing.
    pub(super) site_key: Option<i64>,
}

/// Devices and assets of one site: that which is named, else theirs, else the caller's own.
///
/// # Errors
/// Not found: one of them. Too many of them, or of another site.
pub(super) async fn about(
    state: &AppState,
    caller: &Caller,
    new: &NewTicket,
) -> Result<About, Problem> {
    few_enough(new.devices.len())?;
    if new.assets.len() > MOST_ASSETS {
        let what = wording!("{}, where {} are the most", new.assets.len(), MOST_ASSETS);
        return Err(Problem::field("assets", what));
    }
    let (mut devices, mut assets) = (Vec::new(), Vec::new());
    for id in &new.devices {
        devices.push(caller.device(state, id).await?);
    }
    for id in &new.assets {
        assets.push(caller.asset(state, id).await?);
    }
    let (theirs, site_key) = match (devices.first(), assets.first()) {
        (Some(device), _) => (Some(&device.site), Some(device.site_key)),
        (None, Some(asset)) => (Some(&asset.site), Some(asset.site_key)),
        (None, None) => (None, None),
    };
    let site = match new.site.as_ref().or(theirs) {
        Some(site) => site.clone(),
        None => own_site(state, caller).await?,
    };
    known_sites(state, caller, &[("site".into(), &site)]).await?;
    let stranger = |field: &str, name: &str, of: &str| {
        let what = wording!(
            "{} belongs to the site {}, the ticket to {}",
            name,
            of,
            site
        );
        Problem::field(field, what).remedy(wording!("open a ticket for each site"))
    };
    if let Some(one) = devices.iter().find(|one| one.site != site) {
        return Err(stranger("devices", &one.hostname, &one.site));
    }
    if let Some(one) = assets.iter().find(|one| one.site != site) {
        return Err(stranger("assets", &one.details.name, &one.site));
    }
    Ok(About {
        devices,
        assets: assets.iter().map(|asset| asset.id.to_string()).collect(),
        site,
        site_key,
    })
}

async fn add(
    change: Change,
    At(number): At<i64>,
    Body(body): Body<AddAsset>,
) -> Result<Response, Problem> {
    let ticket = change.caller.ticket(&change.state, number).await?;
    let asset = change
        .caller
        .asset_of_site(&change.state, ticket.site_key, &body.asset);
    let asset = asset.await?.id.to_string();
    change.make(number, Event::AssetAdded { asset }).await
}

async fn remove(
    change: Change,
    At((number, asset)): At<(i64, String)>,
) -> Result<Response, Problem> {
    change.make(number, Event::AssetRemoved { asset }).await
}
