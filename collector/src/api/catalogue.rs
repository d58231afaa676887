//! The checks and actions that devices declare, their texts, and what a request may ask for.

mod validate;

pub(super) use validate::parameters;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use axum::routing::get;
use prost::Message as _;
use serde::{Deserialize, Serialize};
use sonde_proto::message::{Argument, Lang, render};
use sonde_proto::v1;

use super::body::Params;
use super::caller::{Caller, Viewer};
use super::lang::Reader;
use super::route::{Least, Route};
use super::{AppState, Problem};
use crate::store::accounts::Role;
use crate::store::devices::DeviceFilter;
use crate::store::{Id, Store, StoreError};

/// Declarations that are held in memory; when there are more, all are read again.
const REMEMBERED: usize = 1_000;
/// Devices that are asked for their catalogues when none is named.
const DEVICES_LOOKED_AT: u32 = 500;

/// What the collector itself can check; no device can be asked for it.
static COLLECTOR: LazyLock<v1::Catalogue> = LazyLock::new(crate::fleet::checks::catalogue);

/// Catalogues by declaration; none: the declaration is a table's.
#[derive(Default)]
pub(crate) struct Cache(Mutex<HashMap<Id, Option<Arc<v1::Catalogue>>>>);

impl Cache {
    fn known(&self, id: Id) -> Option<Option<Arc<v1::Catalogue>>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&id).cloned()
    }

    fn remember(&self, id: Id, catalogue: Option<Arc<v1::Catalogue>>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(id, catalogue);
    }

    /// Everything that a device can check and do.
    pub(super) async fn of_device(
        &self,
        store: &Store,
        device_key: i64,
    ) -> Result<Catalogue, StoreError> {
        let mut parts = Vec::new();
        for id in store.device_declarations(device_key).await? {
            let catalogue = match self.known(id) {
                Some(known) => known,
                None => {
                    let read = read(store, id).await?;
                    self.remember(id, read.clone());
                    read
                }
            };
            parts.extend(catalogue);
        }
        Ok(Catalogue { parts })
    }
}

async fn read(store: &Store, id: Id) -> Result<Option<Arc<v1::Catalogue>>, StoreError> {
    let body = store.declaration(id).await?.unwrap_or_default();
    let body = v1::Declaration::decode(&body[..]).ok().and_then(|d| d.body);
    Ok(match body {
        Some(v1::declaration::Body::Catalogue(catalogue)) => Some(Arc::new(catalogue)),
        Some(v1::declaration::Body::Table(_)) | None => None,
    })
}

/// What one device declares.
pub(super) struct Catalogue {
    parts: Vec<Arc<v1::Catalogue>>,
}

impl Catalogue {
    pub(super) fn checks(&self) -> impl Iterator<Item = &v1::CheckDeclaration> {
        self.parts.iter().flat_map(|part| &part.checks)
    }

    pub(super) fn actions(&self) -> impl Iterator<Item = &v1::ActionDeclaration> {
        self.parts.iter().flat_map(|part| &part.actions)
    }

    /// A message of a check or an action, for technicians. Without its text, what it says still shows.
    pub(super) fn render(&self, owner: &str, message: &v1::Message, lang: Lang) -> String {
        let own = self
            .checks()
            .chain(&COLLECTOR.checks)
            .filter(|check| check.id == owner)
            .flat_map(|check| &check.texts)
            .chain(
                self.actions()
                    .filter(|action| action.id == owner)
                    .flat_map(|action| &action.texts),
            );
        let others = self
            .checks()
            .flat_map(|check| &check.texts)
            .chain(self.actions().flat_map(|action| &action.texts))
            .chain(self.parts.iter().flat_map(|part| &part.texts));
        let arguments: Vec<Argument> = message
            .arguments
            .iter()
            .cloned()
            .map(Argument::from)
            .collect();
        match own.chain(others).find(|text| text.id == message.id) {
            Some(text) => {
                let template = match lang {
                    Lang::En => &text.en,
                    Lang::Fr => &text.fr,
                };
                render(template, &arguments, lang)
            }
            None => {
                let template: Vec<String> = arguments
                    .iter()
                    .map(|argument| format!("{0} {{{0}}}", argument.name))
                    .collect();
                match template.is_empty() {
                    true => message.id.clone(),
                    false => format!(
                        "{} ({})",
                        message.id,
                        render(&template.join(", "), &arguments, lang)
                    ),
                }
            }
        }
    }
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct CheckView {
    id: String,
    title: String,
    /// How often it runs by itself; 0: only when asked.
    every_seconds: i64,
    /// Ids of actions that may cure what it finds.
    remedies: Vec<String>,
    ticket_worthy: bool,
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

#[derive(Debug, Deserialize, utoipa::IntoParams)]
struct Which {
    /// Id of a device; without it, what all devices declare.
    device: Option<String>,
}

pub(super) fn routes() -> Vec<Route> {
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
    let mut parts: Vec<Arc<v1::Catalogue>> = Vec::new();
    for device in state.store.devices(&filter).await? {
        let catalogue = state.catalogues.of_device(&state.store, device.device_key);
        for part in catalogue.await?.parts {
            if !parts.iter().any(|known| Arc::ptr_eq(known, &part)) {
                parts.push(part);
            }
        }
    }
    Ok(Catalogue { parts })
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
    let newest: BTreeMap<&str, &v1::CheckDeclaration> = catalogue
        .checks()
        .chain(&COLLECTOR.checks)
        .map(|check| (check.id.as_str(), check))
        .collect();
    let items = newest.into_values().map(|check| CheckView {
        id: check.id.clone(),
        title: in_lang(lang, &check.title_en, &check.title_fr).to_owned(),
        every_seconds: check.every_us / 1_000_000,
        remedies: check.remedies.clone(),
        ticket_worthy: check.ticket_worthy,
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
    let newest: BTreeMap<&str, &v1::ActionDeclaration> = catalogue
        .actions()
        .map(|action| (action.id.as_str(), action))
        .collect();
    let items = newest.into_values().map(|action| ActionView {
        id: action.id.clone(),
        version: action.version,
        title: in_lang(lang, &action.title_en, &action.title_fr).to_owned(),
        class: class(action.class()).to_owned(),
        parameters: action
            .parameters
            .iter()
            .map(|parameter| ParameterView {
                name: parameter.name.clone(),
                kind: validate::type_name(parameter.r#type()).to_owned(),
                required: parameter.required,
                help: in_lang(lang, &parameter.help_en, &parameter.help_fr).to_owned(),
                choices: parameter.choices.clone(),
            })
            .collect(),
        verified_by: Some(action.verified_by.clone()).filter(|id| !id.is_empty()),
        can_undo: action.can_undo,
    });
    Ok(Json(ActionList {
        items: items.collect(),
    }))
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
