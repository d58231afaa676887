//! State and priority in one command.

use serde_json::json;

use super::super::{Context, Failure};
use super::told;

pub(super) async fn set(
    context: &mut Context,
    number: i64,
    state: Option<String>,
    waiting_for: Option<String>,
    reason: Option<String>,
    priority: Option<String>,
) -> Result<(), Failure> {
    let mut ticket = None;
    let client = context.client().await?;
    if let Some(priority) = priority {
        let body = json!({ "priority": priority });
        let path = format!("/tickets/{number}/priority");
        ticket = Some(client.post(&path, &body).await?);
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
            "give --state or --priority",
        )),
    }
}
