//! What the whole fleet's declarations say of checks: which deserve a ticket, and in which words they speak.

use std::collections::{HashMap, HashSet};

use prost::Message as _;
use sonde_proto::message::{Argument, Lang, render};
use sonde_proto::v1;

use super::checks;
use crate::store::{Id, Store, StoreError};

/// Read from the store as declarations come.
pub(super) struct Catalogue {
    seen: HashSet<Id>,
    pub(super) ticket_worthy: HashSet<String>,
    /// (check, id of a message) → its English text for technicians.
    texts: HashMap<(String, String), String>,
}

impl Default for Catalogue {
    /// The collector's own checks.
    fn default() -> Self {
        let mut catalogue = Self {
            seen: HashSet::new(),
            ticket_worthy: HashSet::new(),
            texts: HashMap::new(),
        };
        catalogue.add(checks::catalogue());
        catalogue
    }
}

impl Catalogue {
    /// Reads what is new.
    ///
    /// # Errors
    /// The store's own.
    pub(super) async fn update(&mut self, store: &Store) -> Result<(), StoreError> {
        for id in store.declaration_ids().await? {
            if self.seen.contains(&id) {
                continue;
            }
            let body = store.declaration(id).await?.unwrap_or_default();
            let declaration = v1::Declaration::decode(&body[..]).ok();
            if let Some(v1::declaration::Body::Catalogue(catalogue)) =
                declaration.and_then(|declaration| declaration.body)
            {
                self.add(catalogue);
            }
            self.seen.insert(id);
        }
        Ok(())
    }

    fn add(&mut self, catalogue: v1::Catalogue) {
        for check in catalogue.checks {
            for text in check.texts {
                self.texts.insert((check.id.clone(), text.id), text.en);
            }
            if check.ticket_worthy {
                self.ticket_worthy.insert(check.id);
            }
        }
    }

    /// What a check says, in English; `None`: its text is not known.
    pub(super) fn says(&self, check: &str, message: &v1::Message) -> Option<String> {
        let text = self.texts.get(&(check.to_owned(), message.id.clone()))?;
        let arguments: Vec<Argument> = message
            .arguments
            .iter()
            .cloned()
            .map(Argument::from)
            .collect();
        Some(render(text, &arguments, Lang::En))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sonde_proto::v1::{Argument, Message, argument};

    #[test]
    fn a_finding_is_said_in_its_checks_own_words() {
        let reason = Argument {
            name: "reason".into(),
            value: Some(argument::Value::Text("too long".into())),
        };
        let at = Argument {
            name: "at".into(),
            value: Some(argument::Value::TimeUs(0)),
        };
        let message = |id: &str| Message {
            id: id.into(),
            arguments: vec![at.clone(), reason.clone()],
        };
        let catalogue = Catalogue::default();
        let said = catalogue.says("device.rejected", &message("rejected"));
        assert!(said.unwrap().ends_with(": too long"));
        assert_eq!(catalogue.says("device.rejected", &message("other")), None);
        assert_eq!(catalogue.says("disk.space", &message("rejected")), None);
    }
}
