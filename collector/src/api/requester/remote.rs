//! Each time that a machine was opened in a remote desktop tool for a request: who, when, in which.

use sonde_proto::message::Lang;

use super::super::{AppState, Problem};
use super::gather::{Deed, cut};
use super::words;
use crate::desk::Event;
use crate::store::tickets::Happened;

/// The newest first. What is done there nobody tells the collector, and the page says that.
///
/// # Errors
/// Those of the store.
pub(super) async fn openings(
    state: &AppState,
    number: i64,
    most: u32,
    lang: Lang,
) -> Result<Vec<Deed>, Problem> {
    let events = state.store.remote_openings(number, most).await?;
    let opened = events.into_iter().filter_map(|event| match event.event {
        Happened::Known(Event::RemoteOpened { device, tool }) => {
            Some((event.at, event.actor, device, tool))
        }
        Happened::Known(_) | Happened::Unknown { .. } => None,
    });
    let opened: Vec<_> = opened.collect();
    let ids = opened.iter().map(|(_, _, device, _)| device.as_str());
    let names = state.store.hostnames(ids).await?;
    let words = words::of(lang);
    let deed = |(at, by, device, tool): (i64, String, String, String)| {
        let host = names.get(&device).unwrap_or(&device);
        Deed {
            at,
            by: cut(&by),
            what: cut(&format!("{} {tool} ({} {host})", words.remote, words.on)),
            outcome: words.remote_unseen,
            steps: Vec::new(),
            cost: String::new(),
        }
    };
    Ok(opened.into_iter().map(deed).collect())
}
