//! What devices' declarations say of their checks: which deserve a ticket, and in which words they speak. Each device
//! speaks for itself alone.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use prost::Message as _;
use sonde_proto::message::{Argument, Lang, render};
use sonde_proto::v1;

use super::checks;
use crate::store::{Id, Store, StoreError};

/// What one declaration says.
#[derive(Default)]
struct Words {
    ticket_worthy: HashSet<String>,
    /// (check, id of a message) → its English text for technicians.
    texts: HashMap<(String, String), String>,
}

/// Read from the store for those devices that are asked about.
pub(super) struct Catalogue {
    own: Words,
    /// One copy, however many devices share it.
    parts: HashMap<Id, Arc<Words>>,
    of_device: HashMap<i64, Vec<Arc<Words>>>,
}

impl Default for Catalogue {
    /// The collector's own checks.
    fn default() -> Self {
        Self {
            own: words(checks::catalogue()),
            parts: HashMap::new(),
            of_device: HashMap::new(),
        }
    }
}

impl Catalogue {
    /// Reads what these devices have declared, and forgets the others.
    ///
    /// # Errors
    /// The store's own.
    pub(super) async fn read(
        &mut self,
        store: &Store,
        devices: &HashSet<i64>,
    ) -> Result<(), StoreError> {
        let declared = store.declarations_of(devices).await?;
        self.of_device.clear();
        let mut parts = HashMap::new();
        for (device_key, id) in declared {
            let known = parts.get(&id).or_else(|| self.parts.get(&id)).cloned();
            let part = match known {
                Some(part) => part,
                None => Arc::new(decoded(store.declaration(id).await?.unwrap_or_default())),
            };
            parts.insert(id, Arc::clone(&part));
            self.of_device.entry(device_key).or_default().push(part);
        }
        self.parts = parts;
        Ok(())
    }

    fn of<'c>(&'c self, device_key: i64, check: &str) -> impl Iterator<Item = &'c Words> {
        let is_own = checks::is_own(check);
        let declared = self.of_device.get(&device_key).filter(|_| !is_own);
        let declared = declared.into_iter().flatten().map(Arc::as_ref);
        Some(&self.own)
            .filter(|_| is_own)
            .into_iter()
            .chain(declared)
    }

    /// Whether the device has declared that a critical finding of its check deserves a ticket.
    pub(super) fn is_ticket_worthy(&self, device_key: i64, check: &str) -> bool {
        self.of(device_key, check)
            .any(|words| words.ticket_worthy.contains(check))
    }

    /// What a check says on a device, in English; `None`: its text is not known.
    pub(super) fn says(
        &self,
        device_key: i64,
        check: &str,
        message: &v1::Message,
    ) -> Option<String> {
        let key = (check.to_owned(), message.id.clone());
        let text = self
            .of(device_key, check)
            .find_map(|words| words.texts.get(&key))?;
        let arguments: Vec<Argument> = message
            .arguments
            .iter()
            .cloned()
            .map(Argument::from)
            .collect();
        Some(render(text, &arguments, Lang::En))
    }
}

/// Of a declaration's body; a table says nothing of checks.
fn decoded(body: Vec<u8>) -> Words {
    match v1::Declaration::decode(&body[..]) {
        Ok(v1::Declaration {
            body: Some(v1::declaration::Body::Catalogue(catalogue)),
        }) => words(catalogue),
        Ok(_) | Err(_) => Words::default(),
    }
}

fn words(catalogue: v1::Catalogue) -> Words {
    let mut words = Words::default();
    for check in catalogue.checks {
        for text in check.texts {
            words.texts.insert((check.id.clone(), text.id), text.en);
        }
        if check.ticket_worthy {
            words.ticket_worthy.insert(check.id);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::{NOW, device, on_both};
    use sonde_proto::v1::{Argument, Message, argument};

    #[test]
    fn a_finding_is_said_in_its_checks_own_words() {
        let reason = Argument {
            name: "reason".into(),
            value: Some(argument::Value::Text("too long".into())),
            ..Argument::default()
        };
        let at = Argument {
            name: "at".into(),
            value: Some(argument::Value::TimeUs(0)),
            ..Argument::default()
        };
        let message = |id: &str| Message {
            id: id.into(),
            arguments: vec![at.clone(), reason.clone()],
        };
        let catalogue = Catalogue::default();
        let said = catalogue.says(1, "device.rejected", &message("rejected"));
        assert!(said.unwrap().ends_with(": too long"));
        assert_eq!(
            catalogue.says(1, "device.rejected", &message("other")),
            None
        );
        assert_eq!(catalogue.says(1, "disk.space", &message("rejected")), None);
    }

    #[tokio::test]
    async fn a_device_speaks_for_itself_alone() {
        on_both(|store| async move {
            let (_, one) = device(&store, "one").await;
            let (_, other) = device(&store, "other").await;
            for (device_key, worthy, text) in [(one, true, "full"), (other, false, "all is well")] {
                let check = v1::CheckDeclaration {
                    id: "disk.space".into(),
                    ticket_worthy: worthy,
                    texts: vec![v1::Text {
                        id: "low".into(),
                        en: text.into(),
                        ..v1::Text::default()
                    }],
                    ..v1::CheckDeclaration::default()
                };
                let catalogue = v1::Catalogue {
                    checks: vec![check],
                    ..v1::Catalogue::default()
                };
                let body = v1::declaration::Body::Catalogue(catalogue);
                let (id, body) = sonde_proto::declaration::encode(body);
                let declared = vec![(Id(id), body)];
                store
                    .save_declarations(device_key, declared, NOW)
                    .await
                    .unwrap();
            }
            let mut catalogue = Catalogue::default();
            let both = HashSet::from([one, other]);
            catalogue.read(&store, &both).await.unwrap();
            let low = Message {
                id: "low".into(),
                ..Message::default()
            };
            let told = [one, other].map(|key| {
                let said = catalogue.says(key, "disk.space", &low);
                (catalogue.is_ticket_worthy(key, "disk.space"), said.unwrap())
            });
            let expected = [(true, "full".to_owned()), (false, "all is well".to_owned())];
            assert_eq!(told, expected);
        })
        .await;
    }
}
