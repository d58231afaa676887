//! What the requester was asked to agree to.

use http::Method;
use serde_json::Value;

use super::super::client::escape;
use super::super::output::{field, items, plain, when};
use super::super::{Context, Failure};

pub(super) async fn consents(
    context: &mut Context,
    number: i64,
    withdraw: Option<String>,
) -> Result<(), Failure> {
    let path = format!("/tickets/{number}/consents");
    let client = context.client().await?;
    if let Some(id) = withdraw {
        let path = format!("{path}/{}", escape(&id));
        let one = client.call(Method::DELETE, &path, None).await?;
        return match context.output.json {
            true => Ok(context.output.value(&one)?),
            false => Ok(context.output.line(&said(&one))?),
        };
    }
    let all = client.get(&path).await?;
    if context.output.json {
        return Ok(context.output.value(&all)?);
    }
    let rows = items(&all).iter().map(|one| {
        vec![
            field(one, "id"),
            when(&one["asked_at"]),
            field(one, "standing"),
            purpose(one),
        ]
    });
    let header = ["id", "asked", "stands", "what"];
    context.output.table(&header, rows)?;
    Ok(context.output.more(&all, "before")?)
}

/// "service.restart unit=cups.service".
pub(in super::super) fn purpose(one: &Value) -> String {
    let parameters = one["parameters"].as_object().into_iter().flatten();
    let parameters = parameters.map(|(name, value)| format!("{name}={}", plain(value)));
    let all: Vec<String> = [field(one, "action")]
        .into_iter()
        .chain(parameters)
        .collect();
    all.join(" ")
}

/// A question and what became of it, in a line.
pub(in super::super) fn said(one: &Value) -> String {
    let way = match one["way"].as_str() {
        Some(way) => format!(", by {way}"),
        None => String::new(),
    };
    format!("{}: {}{way}", purpose(one), field(one, "standing"))
}
