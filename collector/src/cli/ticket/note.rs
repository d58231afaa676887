//! Notes of people, and of machines that speak through them.

use serde_json::json;

use super::super::{Context, Failure};

/// The code first: it can be refused.
pub(super) async fn add(
    context: &mut Context,
    number: i64,
    text: Option<String>,
    code: Option<String>,
) -> Result<(), Failure> {
    let client = context.client().await?;
    let mut ticket = None;
    if let Some(code) = code {
        let path = format!("/tickets/{number}/codes");
        ticket = Some(client.post(&path, &json!({ "code": code })).await?);
    }
    if let Some(text) = text {
        let path = format!("/tickets/{number}/notes");
        let noted = client.post(&path, &json!({ "text": text })).await;
        ticket = Some(noted.map_err(|failure| match &ticket {
            Some(_) => failure.and_say("the code is noted"),
            None => failure,
        })?);
    }
    ticket.map_or(Ok(()), |ticket| super::told(context, &ticket))
}
