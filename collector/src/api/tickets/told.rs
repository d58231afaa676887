//! What a timeline says of work beside its event: the job's own record, in the reader's language.

use serde_json::Value;
use sonde_proto::message::Lang;

use super::super::{AppState, Problem, job_view};
use super::EventView;
use crate::store::Id;

/// Adds to each event that is about a device how people call it.
pub(super) async fn name(state: &AppState, events: &mut [EventView]) -> Result<(), Problem> {
    let of = |event: &EventView| event.rest.get("device")?.as_str().map(str::to_owned);
    let ids: Vec<String> = events.iter().filter_map(of).collect();
    let names = state.store.hostnames(ids.iter().map(String::as_str));
    let names = names.await?;
    for event in events {
        let name = of(event).and_then(|id| names.get(&id));
        if let Some(name) = name {
            event
                .rest
                .insert("hostname".to_owned(), name.as_str().into());
        }
    }
    Ok(())
}

/// Adds to an event of work what was asked for, or what came of it.
pub(super) async fn tell(
    state: &AppState,
    event: &mut EventView,
    lang: Lang,
) -> Result<(), Problem> {
    let is_end = match event.kind.as_str() {
        "work_asked" => false,
        "work_ended" => true,
        _ => return Ok(()),
    };
    let id = event.rest.get("job").and_then(Value::as_str);
    let Some(id) = id.and_then(|id| id.parse::<Id>().ok()) else {
        return Ok(());
    };
    let Some(job) = state.store.job(id).await? else {
        return Ok(());
    };
    let view = job_view::brief(state, job, lang).await?;
    let (name, told) = match is_end {
        false => ("asked", view.asked()),
        true => ("result", view.came()),
    };
    event.rest.insert(name.to_owned(), told);
    Ok(())
}
