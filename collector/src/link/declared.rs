//! Declarations as sessions need them: decoded once, however many devices share them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use prost::Message as _;
use sonde_proto::v1;

use crate::store::Id;

/// Encoded size of what is remembered, at most; then all is forgotten and read anew. A fleet of one version of the
/// agent declares less than 64 KiB.
const BYTES: usize = 8 << 20;

/// Which declarations the store holds, as far as sessions have asked, and what tables they declare. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Declared(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    /// `None`: it is a catalogue.
    tables: HashMap<Id, Option<Arc<v1::TableDeclaration>>>,
    n_bytes: usize,
}

impl Declared {
    /// What is remembered of `id`; the inner `None`: it declares no table.
    pub(crate) fn known(&self, id: Id) -> Option<Option<Arc<v1::TableDeclaration>>> {
        self.lock().tables.get(&id).cloned()
    }

    /// Remembers a body that the store holds; gives the table that it declares.
    pub(crate) fn remember(&self, id: Id, body: &[u8]) -> Option<Arc<v1::TableDeclaration>> {
        let table = match v1::Declaration::decode(body) {
            Ok(v1::Declaration {
                body: Some(v1::declaration::Body::Table(table)),
            }) => Some(Arc::new(table)),
            Ok(_) | Err(_) => None,
        };
        let mut known = self.lock();
        if known.n_bytes + body.len() > BYTES {
            *known = Known::default();
        }
        if known.tables.insert(id, table.clone()).is_none() {
            known.n_bytes += body.len();
        }
        table
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &str) -> (Id, Vec<u8>) {
        let table = v1::TableDeclaration {
            name: name.into(),
            ..v1::TableDeclaration::default()
        };
        let (id, body) = sonde_proto::declaration::encode(v1::declaration::Body::Table(table));
        (Id(id), body)
    }

    #[test]
    fn sessions_share_one_copy() {
        let declared = Declared::default();
        let (id, body) = table("os");
        assert_eq!(declared.known(id), None);
        let first = declared.remember(id, &body).unwrap();
        let again = declared.clone().known(id).unwrap().unwrap();
        assert!(Arc::ptr_eq(&first, &again));
    }

    #[test]
    fn what_declares_no_table_is_known_as_such() {
        let declared = Declared::default();
        assert_eq!(declared.remember(Id([1; 16]), b"\xff"), None);
        assert_eq!(declared.known(Id([1; 16])), Some(None));
    }

    #[test]
    fn it_does_not_grow_without_end() {
        let declared = Declared::default();
        for n in 0..64 {
            let (id, body) = table(&format!("{n}{}", "x".repeat(512 << 10)));
            declared.remember(id, &body);
        }
        assert!(declared.lock().n_bytes <= BYTES);
        assert!(declared.lock().tables.len() <= 16);
    }
}
