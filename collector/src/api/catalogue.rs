//! The tables, checks and actions that devices declare, their texts, and what a request may ask for.

mod listed;
mod validate;

pub(super) use listed::routes;
pub(super) use validate::parameters;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use prost::Message as _;
use sonde_proto::message::{Argument, Audience, Lang, render, translated};
use sonde_proto::v1::{self, declaration::Body};

use super::AppState;
use crate::store::{Id, Store, StoreError};

/// Declarations that are held in memory; when there are more, all are read again.
const REMEMBERED: usize = 1_000;

/// What the collector itself can check; no device can be asked for it.
static COLLECTOR: LazyLock<v1::Catalogue> = LazyLock::new(crate::fleet::checks::catalogue);

/// Declarations by id; none: the store does not hold it, or nobody can read it.
#[derive(Default)]
pub(crate) struct Cache(Mutex<HashMap<Id, Option<Arc<Body>>>>);

impl Cache {
    fn known(&self, id: Id) -> Option<Option<Arc<Body>>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&id).cloned()
    }

    fn remember(&self, id: Id, body: Option<Arc<Body>>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(id, body);
    }

    /// Everything that any device has declared.
    async fn of_all(&self, store: &Store) -> Result<Catalogue, StoreError> {
        let ids = store.declaration_ids().await?;
        self.of(store, ids).await
    }

    /// Everything that a device can tell, check and do.
    pub(super) async fn of_device(
        &self,
        store: &Store,
        device_key: i64,
    ) -> Result<Catalogue, StoreError> {
        let ids = store.device_declarations(device_key).await?;
        self.of(store, ids).await
    }

    /// The same of several devices, by key.
    pub(super) async fn of_devices(
        &self,
        store: &Store,
        device_keys: &HashSet<i64>,
    ) -> Result<HashMap<i64, Catalogue>, StoreError> {
        let declared = store.declarations_of(device_keys).await?;
        let bodies = self.bodies(store, declared.iter().map(|(_, id)| *id));
        let bodies = bodies.await?;
        let empty = device_keys.iter().map(|key| (*key, Catalogue::default()));
        let mut catalogues: HashMap<i64, Catalogue> = empty.collect();
        for (device_key, id) in declared {
            let catalogue = catalogues.entry(device_key).or_default();
            catalogue.parts.extend(bodies.get(&id).cloned().flatten());
        }
        Ok(catalogues)
    }

    async fn of(&self, store: &Store, ids: Vec<Id>) -> Result<Catalogue, StoreError> {
        let bodies = self.bodies(store, ids.iter().copied()).await?;
        let parts = ids
            .iter()
            .filter_map(|id| bodies.get(id).cloned().flatten());
        Ok(Catalogue {
            parts: parts.collect(),
        })
    }

    /// Each once, read together where they are not held here.
    async fn bodies(
        &self,
        store: &Store,
        ids: impl Iterator<Item = Id>,
    ) -> Result<HashMap<Id, Option<Arc<Body>>>, StoreError> {
        let mut bodies = HashMap::new();
        let mut unknown = Vec::new();
        for id in ids.collect::<HashSet<Id>>() {
            match self.known(id) {
                Some(known) => {
                    bodies.insert(id, known);
                }
                None => unknown.push(id),
            }
        }
        if unknown.is_empty() {
            return Ok(bodies);
        }
        let read = store.declarations(&unknown).await?;
        let mut read: HashMap<Id, Vec<u8>> = read.into_iter().collect();
        for id in unknown {
            let body = read.remove(&id).unwrap_or_default();
            let declaration = v1::Declaration::decode(&body[..]).ok();
            let body = declaration.and_then(|d| d.body).map(Arc::new);
            self.remember(id, body.clone());
            bodies.insert(id, body);
        }
        Ok(bodies)
    }
}

/// Everything that any device has declared.
///
/// # Errors
/// The store's own.
pub(super) async fn everything(state: &AppState) -> Result<Catalogue, StoreError> {
    state.catalogues.of_all(&state.store).await
}

/// What one device declares.
#[derive(Default)]
pub(super) struct Catalogue {
    parts: Vec<Arc<Body>>,
}

impl Catalogue {
    fn catalogues(&self) -> impl Iterator<Item = &v1::Catalogue> {
        self.parts.iter().filter_map(|part| match &**part {
            Body::Catalogue(catalogue) => Some(catalogue),
            Body::Table(_) => None,
        })
    }

    pub(super) fn tables(&self) -> impl Iterator<Item = &v1::TableDeclaration> {
        self.parts.iter().filter_map(|part| match &**part {
            Body::Table(table) => Some(table),
            Body::Catalogue(_) => None,
        })
    }

    pub(super) fn checks(&self) -> impl Iterator<Item = &v1::CheckDeclaration> {
        self.catalogues().flat_map(|part| &part.checks)
    }

    pub(super) fn actions(&self) -> impl Iterator<Item = &v1::ActionDeclaration> {
        self.catalogues().flat_map(|part| &part.actions)
    }

    /// A message of a check or an action, for technicians. Without its text, what it says still shows.
    pub(super) fn render(&self, owner: &str, message: &v1::Message, lang: Lang) -> String {
        self.render_to(Audience::Technician, owner, message, lang)
    }

    /// The same for whoever reads it.
    pub(super) fn render_to(
        &self,
        audience: Audience,
        owner: &str,
        message: &v1::Message,
        lang: Lang,
    ) -> String {
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
            .chain(self.catalogues().flat_map(|part| &part.texts));
        let wording = |id: &str| {
            let shared = self.catalogues().flat_map(|part| &part.texts);
            let mut own = shared.filter(|text| text.id == id);
            own.next().map(|text| wording_for(text, audience, lang))
        };
        let arguments = message.arguments.iter().cloned().map(Argument::from);
        let arguments = translated(arguments, wording);
        match own.chain(others).find(|text| text.id == message.id) {
            Some(text) => render(wording_for(text, audience, lang), &arguments, lang),
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

fn wording_for(text: &v1::Text, audience: Audience, lang: Lang) -> &str {
    match (audience, lang) {
        (Audience::User, Lang::En) if !text.user_en.is_empty() => &text.user_en,
        (Audience::User, Lang::Fr) if !text.user_fr.is_empty() => &text.user_fr,
        (Audience::Technician | Audience::User, Lang::En) => &text.en,
        (Audience::Technician | Audience::User, Lang::Fr) => &text.fr,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_said_by_its_devices_own_catalogue_else_in_english() {
        let text = |id: &str, en: &str, fr: &str| v1::Text {
            id: id.into(),
            en: en.into(),
            fr: fr.into(),
            ..v1::Text::default()
        };
        let check = v1::CheckDeclaration {
            id: "net.link".into(),
            texts: vec![text("absent", "There is no {what}", "Introuvable : {what}")],
            ..v1::CheckDeclaration::default()
        };
        let catalogue = |texts| Catalogue {
            parts: vec![Arc::new(Body::Catalogue(v1::Catalogue {
                checks: vec![check.clone()],
                texts,
                ..v1::Catalogue::default()
            }))],
        };
        let what = v1::Argument {
            name: "what".into(),
            value: Some(v1::argument::Value::Text("interface eth0".into())),
            term: "term.interface".into(),
            of: "eth0".into(),
        };
        let message = v1::Message {
            id: "absent".into(),
            arguments: vec![what],
        };
        let said = |texts, lang| catalogue(texts).render("net.link", &message, lang);
        let term = text("term.interface", "interface {of}", "carte réseau {of}");
        assert_eq!(
            said(vec![term.clone()], Lang::Fr),
            "Introuvable : carte réseau eth0"
        );
        assert_eq!(said(vec![term], Lang::En), "There is no interface eth0");
        assert_eq!(said(Vec::new(), Lang::Fr), "Introuvable : interface eth0");
    }
}
