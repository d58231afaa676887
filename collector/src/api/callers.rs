//! Who calls, and for what: persons, devices and assets that a technician finds with whatever the caller has said.

mod look;

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use axum::routing::get;
use serde::{Deserialize, Serialize};

use super::assets::{self, AssetView};
use super::body::Params;
use super::caller::{Caller, Viewer};
use super::persons::{DeviceOf, PersonView, beside, view, with_devices};
use super::route::{Least, Route};
use super::{AppState, Problem};
use crate::desk::caller::{Asked, Fit, Matched, Tie, best, meant};
use crate::store::Id;
use crate::store::accounts::Role;
use crate::store::assets::Asset;
use crate::store::persons::{Person, TicketBeside};

use look::Found;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
struct Question {
    /// A name, telephone number, mail address, host name, an asset's name, serial number or address, IP address, login, or caller code: the first six characters or
    /// more of the device's id, as `sonde-agent status` shows it, or the code that it shows without a network.
    q: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct CallerList {
    /// The best match first; 20 at most.
    items: Vec<CallerView>,
}

/// Somebody who may be calling.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct CallerView {
    /// By what.
    matched: Matched,
    /// Only a part of it is what was asked for.
    in_part: bool,
    /// None: nobody is known to have the device.
    person: Option<PersonView>,
    /// What the call is about, if it is a thing without an agent.
    asset: Option<AssetView>,
    devices: Vec<DeviceOf>,
    /// Id of the one that the call is about, as far as that is clear.
    device: Option<String>,
    /// Those that are not resolved: of the devices, and those that the person has asked for.
    tickets: Vec<TicketOf>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct TicketOf {
    number: i64,
    title: String,
    /// "new", "open", "waiting", "proposed".
    state: String,
}

/// What makes two matches one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Person(Id),
    /// A device that nobody is known to have.
    Device(i64),
    Asset(Id),
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Method::GET,
            "/callers",
            Least::Role(Role::Viewer),
            "Who may be calling, with their devices and open tickets, the best match first",
            get(callers),
        )
        .query::<Question>()
        .gives::<CallerList>(),
    ]
}

async fn callers(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    Params(question): Params<Question>,
) -> Result<Json<CallerList>, Problem> {
    let asked = Asked::of(&question.q)?;
    let found = look::look(&state, &caller, &asked).await?;
    Ok(Json(CallerList {
        items: rows(&state, &caller, found).await?,
    }))
}

/// The best of what was found, with what stands beside it.
async fn rows(state: &AppState, caller: &Caller, found: Found) -> Result<Vec<CallerView>, Problem> {
    let keys: Vec<i64> = found
        .devices
        .iter()
        .map(|(device, _)| device.device_key)
        .collect();
    let owners = state.store.persons_of_devices(&keys).await?;
    let owners: Vec<(Id, i64)> = owners
        .iter()
        .map(|one| (one.person, one.device_key))
        .collect();
    let mut matches: Vec<(Key, Fit)> = Vec::new();
    for (person, fit) in &found.persons {
        matches.push((Key::Person(person.id), *fit));
    }
    for (device, fit) in &found.devices {
        let theirs = owners.iter().filter(|(_, key)| *key == device.device_key);
        let persons: Vec<Key> = theirs.map(|(person, _)| Key::Person(*person)).collect();
        match persons.is_empty() {
            true => matches.push((Key::Device(device.device_key), *fit)),
            false => matches.extend(persons.into_iter().map(|key| (key, *fit))),
        }
    }
    for (asset, fit) in &found.assets {
        matches.push((Key::Asset(asset.id), *fit));
    }
    let matches = best(matches, |key| matches!(key, Key::Device(_)));
    let mut assets = assets(state, found.assets).await?;
    let persons = persons(state, caller, &matches, found.persons).await?;
    let all: Vec<Person> = persons.values().cloned().collect();
    let mut devices = with_devices(state, caller, &all, &owners).await?;
    let shown = devices.values().flatten().map(|device| device.key);
    let shown: Vec<i64> = shown.chain(keys).collect();
    let names = all.iter().map(|person| person.details.name.clone());
    let ids: Vec<Id> = all.iter().map(|person| person.id).collect();
    let sites = caller.account.site_filter();
    let tickets = state
        .store
        .tickets_beside(&shown, &ids, &names.collect::<Vec<_>>(), sites.as_deref())
        .await?;
    let mut views = Vec::with_capacity(matches.len());
    for (key, fit) in matches {
        let (person, devices) = match key {
            Key::Asset(id) => {
                views.extend(assets.remove(&id).map(|about| about.view(fit)));
                continue;
            }
            Key::Person(id) => match persons.get(&id) {
                Some(person) => (Some(person), devices.remove(&id).unwrap_or_default()),
                None => continue,
            },
            Key::Device(key) => {
                let devices = found.devices.iter().map(|(device, _)| device);
                let mut devices = devices.filter(|device| device.device_key == key);
                let device = devices.next();
                let device = device.map(|device| beside(device, Tie::Matched, None));
                (None, device.into_iter().collect())
            }
        };
        let tickets = tickets_of(&tickets, person, &devices);
        views.push(CallerView {
            matched: fit.by,
            in_part: fit.is_part,
            device: meant(&devices, |device| device.tie).map(|device| device.id.clone()),
            person: person.cloned().map(view),
            asset: None,
            devices,
            tickets,
        });
    }
    Ok(views)
}

/// An asset, and the tickets about it that are not resolved.
struct AboutAsset {
    asset: Asset,
    tickets: Vec<TicketOf>,
}

impl AboutAsset {
    fn view(self, fit: Fit) -> CallerView {
        CallerView {
            matched: fit.by,
            in_part: fit.is_part,
            person: None,
            asset: Some(assets::view(self.asset)),
            devices: Vec::new(),
            device: None,
            tickets: self.tickets,
        }
    }
}

/// Those that were found, by their ids.
async fn assets(
    state: &AppState,
    found: Vec<(Asset, Fit)>,
) -> Result<HashMap<Id, AboutAsset>, Problem> {
    let ids: Vec<Id> = found.iter().map(|(asset, _)| asset.id).collect();
    let mut about: HashMap<Id, AboutAsset> = found
        .into_iter()
        .map(|(asset, _)| {
            let tickets = Vec::new();
            (asset.id, AboutAsset { asset, tickets })
        })
        .collect();
    for ticket in state.store.tickets_of_assets(&ids).await? {
        if let Some(about) = about.get_mut(&ticket.asset) {
            about.tickets.push(TicketOf {
                number: ticket.number,
                title: ticket.title,
                state: ticket.state,
            });
        }
    }
    Ok(about)
}

/// The persons of these matches that the caller may see, by their ids.
async fn persons(
    state: &AppState,
    caller: &Caller,
    matches: &[(Key, Fit)],
    found: Vec<(Person, Fit)>,
) -> Result<HashMap<Id, Person>, Problem> {
    let mut known: HashMap<Id, Person> = found
        .into_iter()
        .map(|(person, _)| (person.id, person))
        .collect();
    let mut persons = HashMap::new();
    for (key, _) in matches {
        let Key::Person(id) = key else {
            continue;
        };
        let person = match known.remove(id) {
            Some(person) => Some(person),
            None => state.store.person(*id).await?,
        };
        if let Some(person) = person.filter(|person| caller.account.sees(person.site_key)) {
            persons.insert(*id, person);
        }
    }
    Ok(persons)
}

fn tickets_of(
    tickets: &[TicketBeside],
    person: Option<&Person>,
    devices: &[DeviceOf],
) -> Vec<TicketOf> {
    let mut of: Vec<TicketOf> = Vec::new();
    for ticket in tickets {
        let is_theirs = person.is_some_and(|person| match ticket.person {
            // They may have called about a machine of another site.
            Some(id) => id == person.id,
            None => {
                ticket.site_key == person.site_key
                    && ticket.requester.as_ref() == Some(&person.details.name)
            }
        });
        let is_on = devices
            .iter()
            .any(|device| ticket.device_key == Some(device.key));
        let is_new = of.iter().all(|known| known.number != ticket.number);
        if (is_theirs || is_on) && is_new {
            of.push(TicketOf {
                number: ticket.number,
                title: ticket.title.clone(),
                state: ticket.state.clone(),
            });
        }
    }
    of
}
