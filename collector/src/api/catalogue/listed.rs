//! What devices declare, as lists.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use axum::routing::get;
use serde::{Deserialize, Serialize};
use sonde_proto::message::Lang;
use sonde_proto::v1::{self, declaration::Body};

use super::validate::type_name;
use super::{COLLECTOR, Catalogue};
use crate::api::body::Params;
use crate::api::caller::{Caller, Viewer};
use crate::api::lang::Reader;
use crate::api::route::{Least, Route};
use crate::api::{AppState, Problem};
use crate::store::accounts::Role;
use crate::store::devices::DeviceFilter;

/// Devices that are asked for their catalogues when none is named.
const DEVICES_LOOKED_AT: u32 = 500;

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct CheckView {
    id: String,
    title: String,
    /// How often it runs by itself; 0: only when asked.
    every_seconds: i64,
    /// Ids of actions that may cure what it finds.
    remedies: Vec<String>,
    ticket_worthy: bool,
    /// What a policy may set.
    limits: Vec<LimitView>,
    /// Whether a policy may name targets for it.
    takes_targets: bool,
    /// Whether it looks for an asset, and runs for nothing else: `/tickets/{ticket}/probes`.
    takes_asset: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct LimitView {
    name: String,
    default: f64,
    /// "%", "bytes", "s"; empty: a plain number.
    unit: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct TableLine {
    name: String,
    /// How often devices read it by themselves; 0: only when asked.
    every_seconds: i64,
    /// Rows that one reading gives at most.
    most_rows: u32,
    columns: Vec<String>,
    /// What narrows a reading down.
    parameters: Vec<ParameterView>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ActionView {
    id: String,
    version: u32,
    title: String,
    /// "read", "private", "repair", "disrupt", "control".
    class: String,
    parameters: Vec<ParameterView>,
    /// Id of the check that proves it.
    verified_by: Option<String>,
    can_undo: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ParameterView {
    name: String,
    /// "integer", "real", "text", "truth", "time".
    #[serde(rename = "type")]
    kind: String,
    required: bool,
    help: String,
    choices: Vec<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct CheckList {
    items: Vec<CheckView>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ActionList {
    items: Vec<ActionView>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct TableList {
    items: Vec<TableLine>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
struct Which {
    /// Id of a device; without it, what all devices declare.
    device: Option<String>,
}

pub(in crate::api) fn routes() -> Vec<Route> {
    let viewer = Least::Role(Role::Viewer);
    vec![
        Route::new(
            Method::GET,
            "/checks",
            viewer,
            "Checks that devices declare",
            get(checks),
        )
        .query::<Which>()
        .gives::<CheckList>(),
        Route::new(
            Method::GET,
            "/actions",
            viewer,
            "Actions that devices declare",
            get(actions),
        )
        .query::<Which>()
        .gives::<ActionList>(),
        Route::new(
            Method::GET,
            "/tables",
            viewer,
            "Tables that devices declare",
            get(tables),
        )
        .query::<Which>()
        .gives::<TableList>(),
    ]
}

async fn catalogues(
    state: &AppState,
    caller: &Caller,
    which: &Which,
) -> Result<Catalogue, Problem> {
    if let Some(id) = &which.device {
        let device = caller.device(state, id).await?;
        let catalogue = state.catalogues.of_device(&state.store, device.device_key);
        return Ok(catalogue.await?);
    }
    let filter = DeviceFilter {
        sites: caller.account.site_filter(),
        most: DEVICES_LOOKED_AT,
        ..DeviceFilter::default()
    };
    let mut parts: Vec<Arc<Body>> = Vec::new();
    let mut devices = state.store.devices(&filter).await?;
    // What a newer agent declares comes later and goes first.
    devices.sort_by_key(|device| version(&device.agent_version));
    let keys = devices.iter().map(|device| device.device_key).collect();
    let mut catalogues = state.catalogues.of_devices(&state.store, &keys).await?;
    for device in devices {
        let catalogue = catalogues.remove(&device.device_key).unwrap_or_default();
        for part in catalogue.parts {
            if !parts.iter().any(|known| Arc::ptr_eq(known, &part)) {
                parts.push(part);
            }
        }
    }
    Ok(Catalogue { parts })
}

/// "0.10.2" comes after "0.9.11".
fn version(text: &str) -> Vec<u64> {
    let parts = text.split(|c: char| !c.is_ascii_digit());
    parts.filter_map(|part| part.parse().ok()).collect()
}

fn in_lang<'t>(lang: Lang, en: &'t str, fr: &'t str) -> &'t str {
    match lang {
        Lang::Fr if !fr.is_empty() => fr,
        Lang::Fr | Lang::En => en,
    }
}

async fn checks(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    Reader(lang): Reader,
    Params(which): Params<Which>,
) -> Result<Json<CheckList>, Problem> {
    let catalogue = catalogues(&state, &caller, &which).await?;
    // The collector's own are made of what it knows of a device: no device can be asked for them.
    let own = match which.device {
        Some(_) => &[][..],
        None => &COLLECTOR.checks,
    };
    let newest: BTreeMap<&str, &v1::CheckDeclaration> = catalogue
        .checks()
        .chain(own)
        .map(|check| (check.id.as_str(), check))
        .collect();
    let items = newest.into_values().map(|check| CheckView {
        id: check.id.clone(),
        title: in_lang(lang, &check.title_en, &check.title_fr).to_owned(),
        every_seconds: check.every_us / 1_000_000,
        remedies: check.remedies.clone(),
        ticket_worthy: check.ticket_worthy,
        takes_targets: check.takes_targets,
        takes_asset: check.takes_asset,
        limits: check
            .limits
            .iter()
            .map(|limit| LimitView {
                name: limit.name.clone(),
                default: limit.default,
                unit: limit.unit.clone(),
            })
            .collect(),
    });
    Ok(Json(CheckList {
        items: items.collect(),
    }))
}

async fn actions(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    Reader(lang): Reader,
    Params(which): Params<Which>,
) -> Result<Json<ActionList>, Problem> {
    let catalogue = catalogues(&state, &caller, &which).await?;
    let mut newest: BTreeMap<&str, &v1::ActionDeclaration> = BTreeMap::new();
    for action in catalogue.actions() {
        let known = newest.entry(&action.id).or_insert(action);
        if known.version <= action.version {
            *known = action;
        }
    }
    let items = newest.into_values().map(|action| ActionView {
        id: action.id.clone(),
        version: action.version,
        title: in_lang(lang, &action.title_en, &action.title_fr).to_owned(),
        class: class(action.class()).to_owned(),
        parameters: action
            .parameters
            .iter()
            .map(|declared| parameter(declared, lang))
            .collect(),
        verified_by: Some(action.verified_by.clone()).filter(|id| !id.is_empty()),
        can_undo: action.can_undo,
    });
    Ok(Json(ActionList {
        items: items.collect(),
    }))
}

async fn tables(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    Reader(lang): Reader,
    Params(which): Params<Which>,
) -> Result<Json<TableList>, Problem> {
    let catalogue = catalogues(&state, &caller, &which).await?;
    let by_name: BTreeMap<&str, &v1::TableDeclaration> = catalogue
        .tables()
        .map(|table| (table.name.as_str(), table))
        .collect();
    let items = by_name.into_values().map(|table| TableLine {
        name: table.name.clone(),
        every_seconds: table.every_us / 1_000_000,
        most_rows: table.most_rows,
        columns: table
            .columns
            .iter()
            .map(|column| column.name.clone())
            .collect(),
        parameters: table
            .parameters
            .iter()
            .map(|declared| parameter(declared, lang))
            .collect(),
    });
    Ok(Json(TableList {
        items: items.collect(),
    }))
}

fn parameter(declared: &v1::ParameterDeclaration, lang: Lang) -> ParameterView {
    ParameterView {
        name: declared.name.clone(),
        kind: type_name(declared.r#type()).to_owned(),
        required: declared.required,
        help: in_lang(lang, &declared.help_en, &declared.help_fr).to_owned(),
        choices: declared.choices.clone(),
    }
}

fn class(class: v1::ActionClass) -> &'static str {
    match class {
        v1::ActionClass::Read => "read",
        v1::ActionClass::Private => "private",
        v1::ActionClass::Repair => "repair",
        v1::ActionClass::Disrupt => "disrupt",
        v1::ActionClass::Control | v1::ActionClass::Unspecified => "control",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_numbers() {
        let mut versions = ["0.10.2", "1.0.0", "0.9.11", "0.10.2-1"];
        versions.sort_by_key(|text| version(text));
        assert_eq!(versions, ["0.9.11", "0.10.2", "0.10.2-1", "1.0.0"]);
    }
}
