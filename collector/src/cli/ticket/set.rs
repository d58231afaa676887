//! State and priority in one command.

use serde_json::{Value, json};

use super::super::{Context, Failure};
use super::told;

pub(super) async fn set(
    context: &mut Context,
    number: i64,
    state: Option<String>,
    waiting_for: Option<String>,
    reason: Option<String>,
    weight: Value,
) -> Result<(), Failure> {
    let mut ticket = None;
    let client = context.client().await?;
    let is_weighed = weight
        .as_object()
        .is_some_and(|all| all.values().any(Value::is_string));
    if is_weighed {
        let path = format!("/tickets/{number}/priority");
        ticket = Some(client.post(&path, &weight).await?);
    }
    if let Some(state) = state {
        let body = json!({ "state": state, "waiting_for": waiting_for, "reason": reason });
        let path = format!("/tickets/{number}/state");
        let moved = client.post(&path, &body).await;
        ticket = Some(moved.map_err(|failure| match &ticket {
            Some(_) => failure.and_say("the priority is set"),
            None => failure,
        })?);
    }
    match ticket {
        Some(ticket) => told(context, &ticket),
        None => Err(Failure::with_remedy(
            "nothing to set",
            "give --state, --priority, or --impact and --urgency",
        )),
    }
}
