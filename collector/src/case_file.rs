//! The case file of a ticket: one archive (ZIP) that is read without the collector.
//!
//! `index.html` is for people, in the reader's language; the JSON beside it is what the API says; `manifest.json` names every
//! other file with its size and SHA-256, and comes last: an archive without it is not whole. Pure: what stands in it is given.

mod archive;
mod page;
mod told;
mod words;

pub use archive::{Archive, MANIFEST, PAGE};

use serde_json::Value;
use sonde_proto::message::Lang;

/// What people read of a ticket, as the API says it.
#[derive(Debug)]
pub struct Case {
    pub ticket: Value,
    /// Events, the oldest first.
    pub timeline: Vec<Value>,
    /// The oldest first, without rows and output.
    pub jobs: Vec<Value>,
}

impl Case {
    /// The page for people: it loads nothing and runs nothing.
    pub fn page(&self, lang: Lang) -> String {
        page::page(self, lang)
    }

    /// What checks found on this ticket, as each was found last: by device, check and subject.
    fn found(&self) -> Vec<(&Value, &Value)> {
        let mut found: Vec<(&Value, &Value)> = Vec::new();
        for job in &self.jobs {
            let looked = job["findings"].as_array().into_iter().flatten();
            let verified = job["verified"].as_array().into_iter().flatten();
            for finding in looked.chain(verified) {
                let is_same = |(of, known): &(&Value, &Value)| {
                    of["device"] == job["device"]
                        && known["check"] == finding["check"]
                        && known["subject"] == finding["subject"]
                };
                found.retain(|known| !is_same(known));
                found.push((job, finding));
            }
        }
        found
    }

    /// Actions that were tried, the oldest first.
    fn tried(&self) -> impl Iterator<Item = &Value> {
        self.jobs.iter().filter(|job| job["kind"] == "action")
    }

    fn devices(&self) -> &[Value] {
        self.ticket["devices"].as_array().map_or(&[], Vec::as_slice)
    }
}

/// A field of an object as text of one line; nothing: empty.
fn field(object: &Value, name: &str) -> String {
    plain(&object[name])
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(parts) if parts.iter().all(Value::is_string) => {
            parts.iter().map(plain).collect::<Vec<_>>().join(" ")
        }
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

/// The beginning of an id, where nobody types it; other names as they are.
fn short(name: &str) -> String {
    match name.parse::<crate::store::Id>() {
        Ok(_) => format!("{}…", &name[..8]),
        Err(_) => name.to_owned(),
    }
}
