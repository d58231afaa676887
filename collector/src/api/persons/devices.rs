//! Whose device it is.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use axum::routing::{delete, post};
use serde::{Deserialize, Serialize};

use super::super::body::{At, Body};
use super::super::caller::{Caller, Technician};
use super::super::devices::light_name;
use super::super::route::{Least, Route};
use super::super::{AppState, Problem, time};
use super::{PersonView, person_of, shown};
use crate::desk::caller::Tie;
use crate::store::Id;
use crate::store::accounts::Role;
use crate::store::devices::Device;
use crate::store::persons::Person;
use crate::wording::wording;

/// A device of somebody's, and how it is now.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(in super::super) struct DeviceOf {
    pub(in super::super) id: String,
    hostname: String,
    /// "seen" is only a suggestion: somebody is logged on under a name that can be theirs.
    pub(in super::super) tie: Tie,
    confirmed_at: Option<String>,
    confirmed_by: Option<String>,
    connected: bool,
    last_seen: String,
    /// Its worst finding: "ok", "warning", "critical", "unknown"; none: nothing is reported yet.
    status: Option<&'static str>,
    #[serde(skip)]
    pub(in super::super) key: i64,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct AskDevice {
    /// Id of a device of the person's site.
    device: String,
}

pub(super) fn routes() -> Vec<Route> {
    let technician = Least::Role(Role::Technician);
    vec![
        Route::new(
            Method::POST,
            "/persons/{person}/devices",
            technician,
            "Confirms that a device is a person's",
            post(confirm),
        )
        .takes::<AskDevice>()
        .gives::<PersonView>(),
        Route::new(
            Method::DELETE,
            "/persons/{person}/devices/{device}",
            technician,
            "Takes back that a device is a person's",
            delete(release),
        )
        .gives::<PersonView>(),
    ]
}

/// A device as it stands beside a person.
pub(in super::super) fn beside(
    device: &Device,
    tie: Tie,
    confirmed: Option<(i64, String)>,
) -> DeviceOf {
    let (at, by) = confirmed.unzip();
    DeviceOf {
        id: device.id.to_string(),
        hostname: device.hostname.clone(),
        tie,
        confirmed_at: at.map(time::shown),
        confirmed_by: by,
        connected: device.connected_at.is_some(),
        last_seen: time::shown(device.last_seen),
        status: device.worst_status.map(light_name),
        key: device.device_key,
    }
}

/// The devices of these persons that the caller may see. `matched`: what a caller was found by, which stands first.
pub(in super::super) async fn with_devices(
    state: &AppState,
    caller: &Caller,
    persons: &[Person],
    matched: &[(Id, i64)],
) -> Result<HashMap<Id, Vec<DeviceOf>>, Problem> {
    let theirs = state.store.devices_of_persons(persons).await?;
    let keys = theirs.iter().map(|one| one.device_key);
    let keys = keys.chain(matched.iter().map(|(_, device_key)| *device_key));
    let devices = state.store.devices_by_key(keys).await?;
    let visible = |key: i64| {
        let device = devices.get(&key);
        device.filter(|device| caller.account.sees(device.site_key))
    };
    let mut found: HashMap<Id, Vec<DeviceOf>> = HashMap::new();
    for one in theirs {
        let Some(device) = visible(one.device_key) else {
            continue;
        };
        let tie = match (
            matched.contains(&(one.person, one.device_key)),
            &one.confirmed,
        ) {
            (true, _) => Tie::Matched,
            (false, Some(_)) => Tie::Confirmed,
            (false, None) => Tie::Seen,
        };
        let devices = found.entry(one.person).or_default();
        devices.push(beside(device, tie, one.confirmed));
    }
    for devices in found.values_mut() {
        devices.sort_by_key(|device| device.tie);
    }
    Ok(found)
}

async fn confirm(
    State(state): State<AppState>,
    Technician(caller): Technician,
    At(id): At<String>,
    Body(ask): Body<AskDevice>,
) -> Result<Json<PersonView>, Problem> {
    let person = person_of(&state, &caller, &id).await?;
    let device = caller.device(&state, &ask.device).await?;
    if device.site_key != person.site_key {
        let reason = wording!(
            "{} belongs to the site {}, the person to {}",
            device.hostname,
            device.site,
            person.site
        );
        return Err(
            Problem::field("device", reason).remedy(wording!("set the person's site first"))
        );
    }
    if device.removed_at.is_some() {
        let reason = wording!("{} was removed", device.hostname);
        return Err(
            Problem::field("device", reason).remedy(wording!("name the device that is there now"))
        );
    }
    let (by, now) = (&caller.account.name, time::now_us());
    let confirmed = state
        .store
        .confirm_device(person.id, device.device_key, by, now);
    confirmed.await?;
    let shown = shown(&state, &caller, &id).await;
    shown
        .map(Json)
        .map_err(|problem| problem.after(wording!("the device is confirmed")))
}

async fn release(
    State(state): State<AppState>,
    Technician(caller): Technician,
    At((id, device)): At<(String, String)>,
) -> Result<Json<PersonView>, Problem> {
    let person = person_of(&state, &caller, &id).await?;
    let device = caller.device(&state, &device).await?;
    let (by, now) = (&caller.account.name, time::now_us());
    let released = state
        .store
        .release_device(person.id, device.device_key, by, now);
    released.await?;
    let shown = shown(&state, &caller, &id).await;
    shown
        .map(Json)
        .map_err(|problem| problem.after(wording!("the device is not theirs any more")))
}
