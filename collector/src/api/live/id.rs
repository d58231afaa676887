//! Ids of events, by which who comes back says what they have heard.

use axum::http::HeaderMap;

use crate::store::Id;

/// An event's id: which run of the collector told the change, and the change's number.
pub(super) struct EventId {
    pub(super) run: Id,
    pub(super) number: u64,
}

impl std::fmt::Display for EventId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.run, self.number)
    }
}

impl EventId {
    /// `Last-Event-ID`; an id that nobody gave is one of another run.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let text = headers.get("last-event-id")?.to_str().unwrap_or_default();
        let known = text.split_once('.').and_then(|(run, number)| {
            Some(Self {
                run: run.parse().ok()?,
                number: number.parse().ok()?,
            })
        });
        Some(known.unwrap_or(Self {
            run: Id([0; 16]),
            number: 0,
        }))
    }
}
