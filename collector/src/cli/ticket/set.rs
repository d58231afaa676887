//! Requester, priority and state in one command.

use serde_json::Value;

use super::super::{Context, Failure};
use super::told;

/// `sets`: what is set, and with which values; what has none is left.
pub(super) async fn set(
    context: &mut Context,
    number: i64,
    sets: [(&str, Value); 3],
) -> Result<(), Failure> {
    let client = context.client().await?;
    let mut ticket = None;
    let mut done: Vec<&str> = Vec::new();
    for (what, body) in &sets {
        let is_given = body
            .as_object()
            .is_some_and(|all| all.values().any(Value::is_string));
        if !is_given {
            continue;
        }
        let set = client
            .post(&format!("/tickets/{number}/{what}"), body)
            .await;
        ticket = Some(set.map_err(|failure| match done.is_empty() {
            true => failure,
            false => failure.and_say(&format!("already set: {}", done.join(", "))),
        })?);
        done.push(what);
    }
    match ticket {
        Some(ticket) => told(context, &ticket),
        None => Err(Failure::with_remedy(
            "nothing to set",
            "give --state, --priority, --impact and --urgency, --requester, or --person",
        )),
    }
}
